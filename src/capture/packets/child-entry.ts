import {failures} from './messages.ts';

/**
 * Begins a child process that will read hostile bytes, with the arguments that its parent wrote as JSON. Whoever calls it
 * has imported everything that it will ever need: afterwards it is nobody, who may not read a program under root's home.
 */
export async function runChild<Arguments>(run: (args: Arguments) => Promise<void>): Promise<void> {
  process.on('uncaughtException', error => {
    process.stderr.write(`${error.stack ?? error.message}\n`);
    process.exit(failures.unexpected);
  });
  // ctrl+C reaches the whole foreground group; the parent decides when the child ends.
  process.on('SIGINT', () => undefined);
  const [, , text] = process.argv;
  if (text === undefined) process.exit(failures['bad-arguments']);
  await run(JSON.parse(text) as Arguments);
}
