import {hour} from '../../event/clock.ts';
import {alertsOf, flow, quietDays, start, watching} from './watched.test-helper.ts';

const rule = 'network.first.country';
const to = (country: string, time: number) =>
  flow({
    time,
    fields: {'destination.geo.country_iso_code': country, 'destination.as.organization.name': 'Example Net'},
  });

test('the first connection to a country is told where that is wanted, once', () => {
  const later = start + 26 * hour;
  const events = [to('NL', start), ...quietDays(25), to('NL', later), to('BR', later), to('BR', later + 1)];
  expect(alertsOf(rule, watching({first_country: true}), events)).toMatchObject([
    {
      entity: 'BR',
      reason:
        '192.168.1.20 connected to 203.0.113.7 port 443 in the network of Example Net: the first answer from BR here.',
    },
  ]);
  expect(alertsOf(rule, watching(), events)).toEqual([]);
});
