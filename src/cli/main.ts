import {Command, CommanderError} from 'commander';
import packageJson from '../../package.json' with {type: 'json'};

/** A command of the program; its module is loaded only when it runs. The action sets `process.exitCode`. */
interface Entry {
  readonly name: string;
  readonly load: () => Promise<Command>;
}

const commands: readonly Entry[] = [
  {name: 'monitor', load: async () => (await import('./monitor.ts')).monitorCommand()},
  {name: 'import', load: async () => (await import('./import.ts')).importCommand()},
  {name: 'query', load: async () => (await import('./query.ts')).queryCommand()},
  {name: 'read', load: async () => (await import('./read.ts')).readCommand()},
  {name: 'scan', load: async () => (await import('./scan.ts')).scanCommand()},
  {name: 'alerts', load: async () => (await import('./alerts.ts')).alertsCommand()},
  {name: 'rules', load: async () => (await import('./rules.ts')).rulesCommand()},
  {name: 'train', load: async () => (await import('./train.ts')).trainCommand()},
  {name: 'doctor', load: async () => (await import('./doctor.ts')).doctorCommand()},
];

/** Runs one command line. Exit status: 0 done, 1 nothing found, 2 wrong use, 3 store or source failure. */
export async function main(args: readonly string[]): Promise<void> {
  const program = new Command('siem')
    .description(packageJson.description)
    .version(packageJson.version)
    .exitOverride()
    .showHelpAfterError('(siem --help lists the commands)');
  const wanted = commands.find(entry => entry.name === args[0]);
  for (const entry of wanted ? [wanted] : commands) program.addCommand(inherit(await entry.load()));
  try {
    await program.parseAsync(args, {from: 'user'});
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
    // An option's value that its parser refuses.
    else process.exitCode = (await import('./failure.ts')).tellFailure(error);
  }
}

/** A command's own commands do not take this over by themselves. */
function inherit(command: Command): Command {
  command.commands.forEach(inherit);
  return command.exitOverride().showHelpAfterError();
}
