import {SensorProcess} from './sensor-process.ts';

const {execPath} = process;

afterEach(() => {
  process.execPath = execPath;
});

test('one that cannot be started says nothing and has ended: nothing is thrown', async () => {
  process.execPath = '/nowhere/node';
  const sensor = new SensorProcess('/nowhere/entry.js', {mode: 'inspect', user: 'nobody'}, () => undefined);
  const said: unknown[] = [];
  for await (const message of sensor.messages()) said.push(message);
  expect(said).toEqual([]);
  expect(await sensor.exited).toEqual({failure: undefined, status: null, killedBy: null});
});
