// React's development build leaks and is slower: this must be set before anything imports it.
process.env.NODE_ENV ??= 'production';
const {main} = await import('../src/cli/main.ts');
await main(process.argv.slice(2));
