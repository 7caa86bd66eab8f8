import {readCapture} from '../src/capture/files/read-capture.ts';
import {settingsSchema} from '../src/config/settings.ts';
import {NetworkWatch} from '../src/detect/flows/network-watch.ts';
import {systemClock} from '../src/event/clock.ts';
import type {Alert} from '../src/event/event.ts';
import {data, dataFolder, linux, needs} from './needs.ts';

const settings = settingsSchema.parse({});

async function found(file: string, learns: boolean): Promise<Alert[]> {
  const watch = new NetworkWatch(settings.network, {learns});
  const alerts: Alert[] = [];
  const options = {settings, agent: 'test', host: 'here', clock: systemClock};
  for await (const {batch} of readCapture(`${dataFolder}/pcap/detect/${file}`, options))
    alerts.push(...watch.onEvents(batch?.events ?? []));
  return [...alerts, ...watch.finish()];
}

const isLoud = ({rule, level = rule.level}: Alert) => level !== 'low' && level !== 'informational';

needs(linux, data)(
  'the tunnel of a real capture is found, with its queries',
  async () => {
    const alerts = (await found('dns-tunnel-iodine.pcap', false)).filter(isLoud);
    expect(new Set(alerts.map(({rule, entity, level}) => `${rule.id} ${entity} ${level}`))).toEqual(
      new Set(['network.dns.tunnel 10.0.2.30 pirate.sea high']),
    );
    expect(alerts.reduce((sum, {count}) => sum + count, 0)).toBeGreaterThan(150);
  },
  30_000,
);

needs(linux, data)(
  'other real captures raise nothing above low',
  async () => {
    for (const file of [
      'ethereum.pcap',
      'modbusSmall.pcap',
      'gro-pgsql.pcap',
      'backscatter.trace',
      'oversized-icmp.pcap',
    ])
      for (const learns of [true, false])
        expect({file, loud: (await found(file, learns)).filter(isLoud)}).toEqual({file, loud: []});
  },
  60_000,
);
