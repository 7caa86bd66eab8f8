import {minute, second} from '../../src/event/clock.ts';
import type {Event, Micros} from '../../src/event/event.ts';
import {desk} from './office-day.ts';
import {NetworkWriter} from './writer.ts';

const base32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** What a captured workstation does from `start` on, within two hours: looks for its master, asks it, carries data off. */
export function attacks(seed: number, start: Micros): Event[] {
  const write = new NetworkWriter(seed, '2');
  generatedNames(write, start);
  beacon(write, start + 5 * minute);
  tunnel(write, start + 40 * minute);
  theft(write, start + 80 * minute);
  return write.events();
}

function generatedNames(write: NetworkWriter, start: Micros): void {
  for (let name = 0; name < 120; name++) {
    const domain = `${write.letters(base32.slice(0, 26), write.between(11, 16))}.${write.one(['com', 'net', 'biz'])}`;
    write.lookUp({time: start + name * second, client: desk, name: domain, code: 'NXDOMAIN'});
  }
}

function beacon(write: NetworkWriter, start: Micros): void {
  let time = start;
  for (let contact = 0; contact < 110; contact++) {
    time += minute * (1 + 0.2 * (2 * write.random() - 1));
    write.flow({
      time,
      destinationIp: '203.0.113.66',
      fields: {'tls.client.ja3': 'c'.repeat(32)},
      bytesOut: write.size(420, 0.03),
      bytesIn: 310,
      lasts: second / 2,
    });
  }
}

function tunnel(write: NetworkWriter, start: Micros): void {
  for (let query = 0; query < 700; query++) {
    const name = `${write.letters(base32, 55)}.${write.letters(base32, 40)}.x.carrier-service.example`;
    write.lookUp({time: start + query * second, client: desk, name, type: 'TXT'});
  }
}

function theft(write: NetworkWriter, time: Micros): void {
  write.flow({
    time,
    destinationIp: '203.0.113.90',
    destinationPort: 22,
    service: 'ssh',
    bytesOut: 3e9,
    bytesIn: 2e6,
    lasts: 9 * minute,
  });
}
