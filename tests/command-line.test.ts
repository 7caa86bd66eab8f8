import {cleanUp, siem} from './support/siem.ts';

afterEach(cleanUp);

test('each command is listed with its arguments and what it is for, as it says them itself', async () => {
  const {status, out} = await siem(['--help']).ended;
  expect(status).toBe(0);
  const list = out.slice(out.indexOf('Commands:')).replaceAll(/\s+/g, ' ');
  const names = [...out.matchAll(/^ {2}([a-z]+)(?= |$)/gm)]
    .map(([, name]) => name ?? '')
    .filter(name => name !== 'help');
  expect(names).toEqual(['monitor', 'import', 'query', 'read', 'scan', 'alerts', 'rules', 'train', 'doctor']);
  for (const name of names) {
    const help = await siem([name, '--help']).ended;
    const [usage = '', description = ''] = help.out.replaceAll(/\n(?! *\n)/g, ' ').split(/\s*\n\s*/);
    expect(`${list} `).toContain(`${usage.trim().replace('Usage: siem ', '')} ${description.trim()} `);
  }
});

test.each([
  ['help read', ['help', 'read'], 'Usage: siem read [options] <files...>'],
  ['read --help', ['read', '--help'], 'Usage: siem read [options] <files...>'],
  ['rules list --help', ['rules', 'list', '--help'], 'Usage: siem rules list [options]'],
])('siem %s', async (_, args, usage) => {
  const {status, out} = await siem(args).ended;
  expect([status, out.split('\n', 1)[0]]).toEqual([0, usage]);
});

test('a command that is not there is wrong use, and one like it is named', async () => {
  const {status, err} = await siem(['raed']).ended;
  expect(status).toBe(2);
  expect(err).toContain("unknown command 'raed'");
  expect(err).toContain('Did you mean read?');
});
