import {type Information, InformationSampler} from './information-sampler.ts';

function standIn(calls: string[]): Information {
  const said = <T>(name: string, value: T) => {
    calls.push(name);
    return Promise.resolve(value);
  };
  return {
    currentLoad: () => said('load', {currentLoad: 12, avgLoad: 0.5, cpus: [{load: 10}, {load: 14}]}),
    mem: () => said('mem', {total: 100, available: 25, swaptotal: 0, swapused: 0}),
    fsSize: () => said('fs', [{mount: 'C:', use: 61}]),
    fsStats: () => said('stats', null),
    networkStats: () =>
      said('net', [
        {iface: 'en0', rx_sec: 5, tx_sec: null},
        {iface: 'lo0', rx_sec: 9, tx_sec: 9},
      ]),
    processes: () => said('ps', {list: [{pid: 1, name: 'launchd', cpu: 1, mem: 2}]}),
  };
}

test('another platform is measured through the package, null where it knows nothing', async () => {
  const {live, measurements} = await new InformationSampler(standIn([])).sample();
  expect(live).toMatchObject({cpu: 12, cores: [10, 14], memory: 75, swap: null, diskRead: null, diskUsed: 61});
  expect(live).toMatchObject({networkReceived: 5, networkSent: null});
  expect(measurements).toContainEqual({name: 'disk.C:.used', value: 61, unit: 'percent'});
});

test('what starts a process there is asked for each ten seconds only', async () => {
  const calls: string[] = [];
  const sampler = new InformationSampler(standIn(calls));
  for (let i = 0; i < 11; i++) await sampler.sample();
  expect(calls.filter(call => call === 'load')).toHaveLength(11);
  expect(calls.filter(call => call === 'mem')).toHaveLength(2);
});
