// React's development build leaks and is slower: this must be set before anything imports it.
process.env.NODE_ENV ??= 'production';
// A reader that has enough (`siem … 2>&1 | head`) is no failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}
const {main} = await import('../src/cli/main.ts');
await main(process.argv.slice(2));
