import {hour, minute, second} from '../../event/clock.ts';
import {logEntry} from './log-entry.test-helper.ts';
import {SourceSilence} from './source-silence.ts';

const start = Date.UTC(2026, 0, 5, 12) * 1000;
const settings = {silence_gaps: 20, silence_minutes: 15};

/** A source that writes every half minute for an hour, watched each ten seconds. */
function regular(provider = () => 'cron'): SourceSilence {
  const silence = new SourceSilence(settings);
  for (let time = start; time <= start + hour; time += 10 * second) {
    silence.onTick(time);
    if ((time - start) % (30 * second) === 0) silence.onEvents([logEntry(time, {provider: provider()})]);
  }
  return silence;
}

function tickThrough(silence: SourceSilence, from: number, to: number) {
  const alerts = [];
  for (let time = from; time <= to; time += 10 * second) alerts.push(...silence.onTick(time));
  return alerts;
}

test('a regular source that writes no more is reported once, by source and not by each program', () => {
  const alerts = tickThrough(regular(), start + hour, start + 3 * hour);
  expect(alerts).toMatchObject([
    {
      rule: {id: 'source.silence'},
      level: 'medium',
      entity: 'file:/var/log/auth.log',
      time: start + hour + 15 * minute,
      reason: 'file:/var/log/auth.log wrote nothing for 15 minutes; usually something comes every 30 s.',
    },
  ]);
});

test('one program that falls silent while its source goes on is a low finding', () => {
  const silence = regular();
  const alerts = [];
  for (let time = start + hour; time <= start + 2 * hour; time += 10 * second) {
    silence.onEvents([logEntry(time, {provider: 'sshd'})]);
    alerts.push(...silence.onTick(time));
  }
  expect(alerts).toMatchObject([{level: 'low', entity: 'cron in file:/var/log/auth.log'}]);
});

test('the end of a silence is a note, and the same pause later is none', () => {
  const silence = regular();
  tickThrough(silence, start + hour, start + 2 * hour);
  expect(silence.onEvents([logEntry(start + 2 * hour, {provider: 'cron'})])).toMatchObject([
    {level: 'informational', reason: 'file:/var/log/auth.log writes again after 60 minutes of silence.'},
  ]);
  expect(tickThrough(silence, start + 2 * hour, start + 3 * hour)).toEqual([]);
});

test('the end of a long silence is no alert of its own', () => {
  const silence = regular();
  expect(tickThrough(silence, start + hour, start + 4 * hour)).toHaveLength(1);
  expect(silence.onEvents([logEntry(start + 4 * hour, {provider: 'cron'})])).toEqual([]);
});

test('what people make a program write is silent for the first time in the first night, and that is no finding', () => {
  const heard = (hours: number) => {
    const silence = new SourceSilence(settings);
    let time = start;
    // Pauses between nearly none and twelve minutes, none at night.
    for (let at = 0; time < start + hours * hour; at++) {
      time += ((at * 7_919) % 120) * 6 * second + 2 * second;
      if (Math.floor((time - start) / hour) % 24 >= 16) continue;
      silence.onEvents([logEntry(time, {provider: 'smbd'})]);
    }
    return tickThrough(silence, start + hours * hour, start + (hours + 30) * hour);
  };
  expect(heard(16)).toEqual([]);
  expect(heard(40)).toMatchObject([{rule: {id: 'source.silence'}}]);
});

test('a source that writes in bursts is never reported', () => {
  const silence = new SourceSilence(settings);
  for (let burst = 0; burst < 20; burst++) {
    for (let i = 0; i < 10; i++) silence.onEvents([logEntry(start + burst * 20 * minute + i * second)]);
  }
  expect(tickThrough(silence, start + 20 * 20 * minute, start + 60 * hour)).toEqual([]);
});

test('entries read back from the past teach nothing about when they arrive', () => {
  const silence = new SourceSilence(settings);
  for (let i = 0; i < 200; i++)
    silence.onEvents([logEntry(start, {time: start - 24 * hour, ingested: start + i * 30 * second})]);
  expect(tickThrough(silence, start + 2 * hour, start + 5 * hour)).toEqual([]);
});

test('while the machine slept nothing was silent', () => {
  const silence = regular();
  expect(silence.onTick(start + 10 * hour)).toEqual([]);
  expect(tickThrough(silence, start + 10 * hour, start + 10 * hour + 10 * minute)).toEqual([]);
});

test('what was learned outlives a restart; the time the program was down does not count', () => {
  const again = new SourceSilence(settings);
  again.restore(JSON.parse(JSON.stringify(regular().save())));
  const up = start + 5 * hour;
  expect(tickThrough(again, up, up + hour)).toEqual([]);
  again.onEvents([logEntry(up + hour, {provider: 'cron'})]);
  expect(tickThrough(again, up + hour, up + 2 * hour)).toMatchObject([{entity: 'file:/var/log/auth.log'}]);
});
