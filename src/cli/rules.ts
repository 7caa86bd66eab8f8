import {Command} from 'commander';
import {rulesCheckCommand} from './rules/check.ts';
import {rulesListCommand} from './rules/list.ts';
import {rulesTestCommand} from './rules/test.ts';
import {rulesUpdateCommand} from './rules/update.ts';

/** `siem rules`: what Sigma rules there are, whether they load, why one fires or not, and taking a newer set. */
export function rulesCommand(): Command {
  const command = new Command('rules');
  for (const part of [rulesListCommand(), rulesCheckCommand(), rulesTestCommand(), rulesUpdateCommand()])
    command.addCommand(part);
  return command;
}
