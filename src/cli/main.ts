import {Command, CommanderError} from 'commander';
import packageJson from '../../package.json' with {type: 'json'};

/** A command of the program. Its module, and all that it needs, is loaded only when it is asked for. */
interface Entry {
  readonly name: string;
  /** What stands behind the name where the commands are listed. */
  readonly usage: string;
  readonly description: string;
  /** The action sets `process.exitCode`. */
  readonly load: () => Promise<Command>;
}

const commands: readonly Entry[] = [
  {
    name: 'monitor',
    usage: '[options]',
    description: 'watch this machine, live',
    load: async () => (await import('./monitor.ts')).monitorCommand(),
  },
  {
    name: 'import',
    usage: '[options] <files...>',
    description: 'read, detect and store: captures and logs of another time or machine',
    load: async () => (await import('./import.ts')).importCommand(),
  },
  {
    name: 'query',
    usage: '[options] [EXPR...]',
    description: 'show stored logs, alerts, anomalies, flows, metrics and traffic',
    load: async () => (await import('./query.ts')).queryCommand(),
  },
  {
    name: 'read',
    usage: '[options] <files...>',
    description: 'any supported file as normalised events, one JSON object a line',
    load: async () => (await import('./read.ts')).readCommand(),
  },
  {
    name: 'scan',
    usage: '[options] <files...>',
    description: 'what Sigma rules find in logs: a timeline and a summary; nothing is stored',
    load: async () => (await import('./scan.ts')).scanCommand(),
  },
  {
    name: 'alerts',
    usage: '[options] [command]',
    description: 'the packets of network alerts (siem query -k alerts shows alerts)',
    load: async () => (await import('./alerts.ts')).alertsCommand(),
  },
  {
    name: 'rules',
    usage: '[options] [command]',
    description: 'list, check, test and update Sigma rules',
    load: async () => (await import('./rules.ts')).rulesCommand(),
  },
  {
    name: 'train',
    usage: '[options]',
    description: 'learn from the stored logs, or from files, what is normal here',
    load: async () => (await import('./train.ts')).trainCommand(),
  },
  {
    name: 'doctor',
    usage: '[options]',
    description: 'say what works here, what does not, and the command that mends it',
    load: async () => (await import('./doctor.ts')).doctorCommand(),
  },
];

/** Runs one command line. Exit status: 0 done, 1 nothing found, 2 wrong use, 3 store or source failure. */
export async function main(args: readonly string[]): Promise<void> {
  const program = new Command('siem')
    .description(packageJson.description)
    .version(packageJson.version)
    .exitOverride()
    .showHelpAfterError('(siem --help lists the commands)')
    .configureHelp({subcommandTerm: command => `${command.name()} ${command.usage()}`});
  const wanted = wantedBy(args);
  for (const entry of commands) program.addCommand(inherit(entry === wanted ? await loaded(entry) : listed(entry)));
  try {
    await program.parseAsync(args, {from: 'user'});
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
    // An option's value that its parser refuses.
    else process.exitCode = (await import('./failure.ts')).tellFailure(error);
  }
}

/** Also of `help read`. */
function wantedBy(args: readonly string[]): Entry | undefined {
  const [first, second] = args.filter(word => !word.startsWith('-'));
  const name = first === 'help' ? second : first;
  return commands.find(entry => entry.name === name);
}

async function loaded({description, load}: Entry): Promise<Command> {
  return (await load()).description(description);
}

/** A command that is only told of. */
function listed({name, usage, description}: Entry): Command {
  return new Command(name).usage(usage).description(description);
}

/** A command's own commands do not take this over by themselves. */
function inherit(command: Command): Command {
  command.commands.forEach(inherit);
  return command.exitOverride().showHelpAfterError();
}
