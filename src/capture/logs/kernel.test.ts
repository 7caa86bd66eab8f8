import {type KernelLog, kernelLog} from './kernel.ts';
import {readKernelRecord} from './kmsg.ts';
import {SourceHarness} from './source-harness.fixture.ts';

test('a record has level, time, text and device', () => {
  expect(readKernelRecord('4,2,5140900,-;usb 1-1: \\x1b[2J caf\\xc3\\xa9\n SUBSYSTEM=usb\n DEVICE=c189:1\n')).toEqual({
    sequence: 2,
    uptime: 5_140_900,
    entry: {
      level: 4,
      provider: 'kernel',
      message: 'usb 1-1: ␛[2J café',
      fields: {'kernel.subsystem': 'usb', 'kernel.device': 'c189:1'},
    },
  });
  expect(readKernelRecord('30,3,1,-;systemd[1]: Started x')?.entry).toMatchObject({provider: 'systemd', pid: 1});
  expect(readKernelRecord('nonsense')).toBeUndefined();
});

const booted = 1_000_000_000;
const now = booted + 10_000_000;
const record = (sequence: number, uptime = sequence * 1000) => `6,${sequence},${uptime},-;message ${sequence}\n`;

function source(records: readonly (string | 'overrun')[], boot = 'b1') {
  const queue = [...records];
  const log: KernelLog = {next: () => queue.shift(), close: () => {}};
  return kernelLog({open: () => log, boot: async () => boot, uptime: () => now - booted, poll: 1});
}

test('after a restart only newer records of the same boot are given, all of another boot', async () => {
  const harness = new SourceHarness({clock: () => now});
  harness.start(source([record(0), record(1)]));
  await harness.until(() => harness.events.length === 2);
  await harness.stop();
  harness.start(source([record(0), record(1), record(2)]));
  await harness.until(() => harness.events.length === 3);
  await harness.stop();
  harness.start(source([record(0)], 'b2'));
  await harness.until(() => harness.events.length === 4);
  await harness.stop();
  expect(harness.logs.map(event => [event.origin.epoch, event.position, event.time])).toEqual([
    ['b1', 0, booted],
    ['b1', 1, booted + 1000],
    ['b1', 2, booted + 2000],
    ['b2', 0, booted],
  ]);
  expect(harness.batches[0]?.historical).toBe(true);
});

test('overwritten records are a gap with their number', async () => {
  const harness = new SourceHarness({clock: () => now});
  harness.start(source([record(0), 'overrun', record(8)]));
  await harness.until(() => harness.events.length === 2);
  await harness.stop();
  expect(harness.gaps).toMatchObject([{reason: 'kernel log overwritten', lost: 7}]);
});
