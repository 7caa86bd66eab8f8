import {rmSync} from 'node:fs';
import {join} from 'node:path';
import {SourceHarness} from '../src/capture/logs/source-harness.fixture.ts';
import {windowsChannel} from '../src/capture/logs/windows/channel.ts';
import {explain, NoChannelError} from '../src/capture/logs/windows/wevtutil.ts';
import {LogCleared} from '../src/detect/rules/log-cleared.ts';
import {cleanUp, configure, isGone, monitor, query, stop, until, workFolder} from './support/siem.ts';
import {WindowsMachine} from './support/wevtutil.ts';
import {samples} from './support/windows-events.ts';

const {logon, refused, process: started, cleared} = samples;
const timing = {busy: 5, idle: 10, absent: 10};
let machine: WindowsMachine;
let harness: SourceHarness;

beforeEach(() => {
  machine = new WindowsMachine(join(workFolder(), 'bin'));
  for (const channel of ['Security', 'System', 'Application']) machine.add(channel);
  harness = new SourceHarness({clock: () => machine.now, host: 'PC7'});
});

afterEach(async () => {
  await harness.stop().catch(() => {});
  await cleanUp();
});

const watch = (channel = 'Security') => harness.start(windowsChannel({channel, command: machine.command, timing}));
const seen = (count: number) => harness.until(() => harness.events.length >= count, `${count} events`);
const runs = () => harness.until(() => harness.news.some(({state}) => state === 'running'), 'a running source');
const ids = () => harness.logs.filter(({provider}) => provider !== 'siem').map(({position}) => position);
const upTo = (last: number, first = 1) => Array.from({length: last - first + 1}, (_, index) => first + index);
const alerts = () => new LogCleared().onEvents(harness.events);

describe('a channel', () => {
  test('is read back, then followed, and each event comes once', async () => {
    machine.write('Security', logon, refused, started);
    watch();
    await seen(3);
    await runs();
    machine.write('Security', logon);
    await seen(4);
    expect(ids()).toEqual([1, 2, 3, 4]);
    expect(harness.batches.filter(({events}) => events.length > 0).map(({historical}) => historical)).toEqual([
      true,
      undefined,
    ]);
    expect(harness.duplicates).toBe(0);
    expect(harness.gaps).toEqual([]);
  });

  test('gives the fields, level and outcome that Windows means', async () => {
    machine.write('Security', logon, refused, started);
    watch();
    await seen(3);
    const [first, second, third] = harness.logs;
    expect(first).toMatchObject({
      origin: {source: 'windows:Security', dataset: 'winlog.security'},
      code: 4624,
      level: 6,
      user: 'ada',
      time: Date.UTC(2026, 10, 22, 10, 0, 1) * 1000 + 456,
      fields: {
        'winlog.channel': 'Security',
        'winlog.record_id': 1,
        'event.outcome': 'success',
        'event.category': 'authentication',
        'source.ip': '192.0.2.9',
        'winlog.event_data.LogonType': '10',
      },
    });
    expect(second).toMatchObject({code: 4625, user: 'root', fields: {'event.outcome': 'failure'}});
    expect(third).toMatchObject({pid: 420, fields: {'winlog.event_data.CommandLine': 'x.exe "a" <b> & c'}});
  });

  test('tells of events whose texts Windows itself often lacks in words', async () => {
    const {display, session, tpm, restart, moved, nothing} = samples;
    machine.write('System', display, session, tpm, restart, moved, nothing);
    watch('System');
    await seen(6);
    expect(harness.logs.map(({code}) => code)).toEqual([701, 566, 17, 16384, 16394, 0]);
    expect(harness.logs.map(({level}) => level)).toEqual([6, 6, 3, 6, 6, 6]);
    const [, power, , licence, , service] = harness.messages;
    expect(power).toContain('from 12 to 13');
    expect(licence).toContain('RulesEngine');
    expect(service).toBe('edgeupdate 0: Service stopped');
    // A sentence, and not the list of values that others are told by.
    const inWords = harness.logs.slice(0, 5);
    expect(inWords.filter(({message, provider, code}) => message.startsWith(`${provider} ${code}`))).toEqual([]);
    expect(harness.logs[4]?.fields).toMatchObject({'winlog.qualifiers': 49_152});
  });

  test('is not read further back than asked for', async () => {
    machine.write('Security', logon, logon);
    machine.passDays(9);
    machine.write('Security', refused);
    harness = new SourceHarness({clock: () => machine.now, backfillFrom: machine.now - 7 * 86_400_000_000});
    watch();
    await runs();
    machine.write('Security', started);
    await seen(2);
    expect(ids()).toEqual([3, 4]);
  });

  test('that has only old events is followed behind them', async () => {
    machine.write('Security', logon, logon);
    harness = new SourceHarness({clock: () => machine.now, backfillFrom: machine.now + 1_000_000});
    watch();
    await runs();
    machine.passDays(-1);
    machine.write('Security', refused);
    await seen(1);
    expect(ids()).toEqual([3]);
  });

  test('goes on where it was after a crash between two batches', async () => {
    machine.write('Security', ...upTo(1_300).map(() => logon));
    harness.start(windowsChannel({channel: 'Security', command: machine.command, timing}), 1);
    await seen(500);
    await harness.stop();
    machine.write('Security', refused);
    watch();
    await seen(1_301);
    expect(ids()).toEqual(upTo(1_301));
    expect(harness.duplicates).toBe(0);
    expect(harness.gaps).toEqual([]);
  });

  test('that was overwritten while nobody read it has a gap with its count', async () => {
    machine.write('Security', logon, logon);
    watch();
    await seen(2);
    await harness.stop();
    machine.write('Security', ...upTo(10).map(() => refused));
    machine.wrap('Security', 4);
    watch();
    await seen(6);
    expect(ids()).toEqual([1, 2, 9, 10, 11, 12]);
    expect(harness.gaps).toMatchObject([{reason: expect.stringContaining('overwritten'), lost: 6}]);
    expect(alerts()).toEqual([]);
  });

  test('of which only the record read last was overwritten has no gap', async () => {
    machine.write('Security', logon, logon);
    watch();
    await seen(2);
    await harness.stop();
    machine.write('Security', refused);
    machine.wrap('Security', 1);
    watch();
    await seen(3);
    expect(harness.gaps).toEqual([]);
  });

  test('that asks nothing of the log while nothing happens but for its newest event', async () => {
    machine.write('Security', logon);
    watch();
    await seen(1);
    const before = machine.calls.length;
    await harness.until(() => machine.calls.length > before + 4);
    const quiet = machine.calls.slice(before + 1, before + 4);
    expect(new Set(quiet)).toEqual(new Set(['qe Security /rd:true /c:1 /f:XML /uni:true']));
  });
});

describe('a channel that was cleared', () => {
  const clearings: ReadonlyArray<readonly [string, number]> = [
    ['and has fewer events than were read', 1],
    ['and has grown past what was read', 7],
    ['and has as many events as were read', 4],
    ['and is empty', 0],
  ];

  test.each(clearings)('%s is read from its start, and an alert says so', async (_name, after) => {
    machine.write('Security', logon, logon, logon, logon);
    watch();
    await seen(4);
    await harness.stop();
    machine.clear('Security', 'begin again', ...upTo(after).map(() => started));
    watch();
    await harness.until(() => alerts().length === 1, 'the alert');
    await seen(5 + after);
    expect(harness.logs.filter(({code}) => code === 4688).map(({position}) => position)).toEqual(upTo(after));
    expect(alerts()).toMatchObject([{rule: {id: 'log.cleared', level: 'high'}, entity: 'Security', host: 'PC7'}]);
    expect(harness.gaps).toMatchObject([{reason: 'event log cleared'}]);
    machine.write('Security', refused);
    await seen(6 + after);
    expect(ids().at(-1)).toBe(after + 1);
    expect(harness.duplicates).toBe(0);
    expect(alerts()).toHaveLength(1);
  });

  test('under the eyes of the reader is found at the next look', async () => {
    machine.write('Security', logon, logon);
    watch();
    await seen(2);
    await runs();
    machine.clear('Security', 'begin again', cleared);
    await seen(4);
    expect(alerts().map(({entity}) => entity)).toEqual(['Security', 'Security']);
    expect(harness.batches.at(-1)?.historical).toBeUndefined();
  });

  test('with its numbers going on tells of it in an event of its own, and what was not read is a gap', async () => {
    machine.write('Security', logon, logon);
    watch();
    await seen(2);
    await harness.stop();
    machine.write('Security', logon, logon, logon);
    machine.clear('Security', 'go on', cleared);
    watch();
    await seen(3);
    expect(alerts()).toMatchObject([{entity: 'Security', reason: expect.stringContaining('by eve')}]);
    expect(harness.gaps).toMatchObject([{lost: 3}]);
  });
});

describe('a channel that cannot be read', () => {
  test('for lack of rights fails with what gives the right', async () => {
    machine.deny('Security');
    watch();
    await expect(harness.ended()).rejects.toMatchObject({
      message: expect.stringContaining('Security may not be read'),
      mend: expect.stringContaining('Event Log Readers'),
    });
  });

  test('because there is none is waited for', async () => {
    watch('Microsoft-Windows-Sysmon/Operational');
    await harness.until(() => harness.news.some(({state}) => state === 'waiting'));
    machine.add('Microsoft-Windows-Sysmon/Operational');
    machine.write('Microsoft-Windows-Sysmon/Operational', started);
    await seen(1);
    expect(harness.news.at(0)).toMatchObject({mend: expect.stringContaining('wevtutil el')});
  });

  test('because there is no wevtutil says so', async () => {
    rmSync(machine.command);
    watch();
    await expect(harness.ended()).rejects.toMatchObject({message: 'wevtutil was not found'});
  });

  test('is told by Windows’ numbers, whatever language its words are in', () => {
    const end = (code: number) => () => explain({code, complaint: 'Zugriff verweigert'}, 'Security');
    expect(end(5)).toThrow('may not be read');
    expect(end(0x80070005 | 0)).toThrow('may not be read');
    expect(end(15_007)).toThrow(NoChannelError);
    expect(end(1722)).toThrow('does not answer');
    expect(end(1)).toThrow('wevtutil ended with 1: Zugriff verweigert');
    expect(end(15_011)).not.toThrow();
  });

  test.each(['/r:other-computer', 'ForwardedEvents'])('%s is refused', async channel => {
    watch(channel);
    await expect(harness.ended()).rejects.toMatchObject({name: 'SourceError'});
    expect(machine.calls).toEqual([]);
  });
});

test('events that are damaged are counted, those around them are read', async () => {
  machine.write('Security', logon);
  machine.writeDamaged('Security', "<Event xmlns='x'><System><Provider Name='a'");
  machine.write('Security', refused);
  machine.writeDamaged('Security', '<Event>cut');
  watch();
  await seen(2);
  machine.write('Security', started);
  await seen(3);
  expect(ids()).toEqual([1, 3, 5]);
  expect(harness.dropped.unparsable).toBeGreaterThanOrEqual(2);
  expect(alerts()).toEqual([]);
});

test('the monitor stores what a channel writes, raises a cleared log and leaves no child behind', async () => {
  const dataDir = join(workFolder(), 'data');
  configure(dataDir, {monitor: {sources: 'windows:Security'}});
  machine = new WindowsMachine(join(workFolder(), 'bin'), Date.now() - 60_000);
  machine.add('Security');
  machine.write('Security', refused);
  const env = {PATH: `${machine.folder}:${process.env.PATH}`};
  const run = await monitor(dataDir, [], env);
  const rows = () => query(dataDir, '--since', '1h', 'event.provider:Microsoft-Windows-Security-Auditing');
  await until('the event is stored', async () => (await rows()).length === 1);
  machine.write('Security', logon, started);
  await until('new events are stored', async () => (await rows()).length === 3);
  machine.clear('Security', 'begin again', logon);
  const raised = () => query(dataDir, '-k', 'alerts', '--since', '1h', 'rule.id:log.cleared');
  await until('the alert is stored', async () => (await raised()).length === 1);
  await stop(run);
  expect(isGone(run)).toBe(true);
  expect(new Set((await rows()).map(row => row['event.code']))).toEqual(new Set([4624, 4625, 4688]));
});
