import type {LogEvent} from '../../../event/event.ts';
import {entry} from '../generated-life.ts';
import {ValueMemory} from './value-memory.ts';

const day = 86_400e6;
const start = 1_700_000_000_000_000 - (1_700_000_000_000_000 % day);
const program = 1;
const login = 10;

function accepted(user: string, address: string, time: number): LogEvent {
  const message = `Accepted publickey for ${user} from ${address} port ${40_000 + (time % 999)} ssh2`;
  return {...entry('sshd', message, 1, time, time), user, fields: {'source.ip': address}};
}

/** A week in which anna and ben log in at daytime from their own networks. */
function settled(): ValueMemory {
  const memory = new ValueMemory();
  for (let at = 0; at < 7 * 24; at++) {
    const hour = at % 24;
    if (hour < 8 || hour > 17) continue;
    const time = start + at * 3600e6;
    memory.observe('alpha', program, login, accepted('anna', '10.1.0.7', time));
    memory.observe('alpha', program, login, accepted('ben', '192.0.2.9', time + 60e6));
  }
  return memory;
}

test('what is usual is nothing: known user, own network, at daytime', () => {
  const usual = settled().observe('alpha', program, login, accepted('anna', '10.1.0.9', start + 8 * day + 10 * 3600e6));
  expect(usual).toEqual({valueNats: 0, value: '', hourNats: 0, hour: ''});
});

test('a new user, a known user from a new network, and another’s network are told apart and named', () => {
  const noon = start + 8 * day + 12 * 3600e6;
  const root = settled().observe('alpha', program, login, accepted('root', '10.1.0.7', noon));
  expect(root.valueNats).toBeGreaterThan(3);
  expect(root.value).toMatch(/^the user “root” is new in sshd, after 140 entries$/);
  const elsewhere = settled().observe('alpha', program, login, accepted('anna', '203.0.113.5', noon));
  expect(elsewhere.valueNats).toBeGreaterThan(3);
  expect(elsewhere.value).toContain('the network “203.0.0.0/16” is new in sshd');
  const others = settled().observe('alpha', program, login, accepted('anna', '192.0.2.9', noon));
  expect(others.value).toContain('is new in sshd for anna');
});

test('an hour at which nobody came is rare, and it is said how rare', () => {
  const night = settled().observe('alpha', program, login, accepted('anna', '10.1.0.7', start + 8 * day + 3 * 3600e6));
  expect(night.hourNats).toBeGreaterThan(3);
  expect(night.hour).toBe('around this hour it came 0 of 70 times before for anna');
});

test('where values are new all the time a new one is no news', () => {
  const memory = new ValueMemory();
  let last = 0;
  for (let at = 0; at < 2_000; at++) {
    const user = `guess${String.fromCharCode(97 + (at % 26), 97 + (Math.floor(at / 26) % 26), 97 + (at % 7))}`;
    last = memory.observe(
      'alpha',
      program,
      login,
      accepted(user, `198.51.100.${at % 200}`, start + at * 60e6),
    ).valueNats;
  }
  expect(last).toBeLessThan(1);
});

test('saved and restored it says the same, and it stays bounded whatever comes', () => {
  const memory = settled();
  const restored = new ValueMemory();
  restored.restore(JSON.parse(JSON.stringify(memory.snapshot())));
  const noon = start + 8 * day + 12 * 3600e6;
  const odd = accepted('root', '203.0.113.5', noon);
  const [a, b] = [memory, restored].map(one => one.observe('alpha', program, login, odd));
  expect(b?.value).toBe(a?.value);
  expect(b?.valueNats).toBeCloseTo(a?.valueNats ?? 0, 2);
  for (let at = 0; at < 60_000; at++) {
    const text = `word${at} other${at * 7} ${'x'.repeat(at % 50)} of ${at}`;
    memory.observe(`host${at % 50}`, at % 3_000, at % 9_000, {...entry('p', text, 1, noon + at, at), user: `u${at}`});
  }
  expect(memory.size.statements).toBeLessThanOrEqual(8_001);
  expect(memory.size.values).toBeLessThanOrEqual(200_100);
});
