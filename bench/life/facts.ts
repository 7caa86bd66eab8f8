import {Random} from '../../src/capture/demo/random.ts';
import {day} from '../../src/event/clock.ts';
import type {Micros} from '../../src/event/event.ts';

export type Personality = 'web' | 'mail' | 'developer' | 'database' | 'desktop';

/** What does not change about a machine, all from its seed. */
export interface Facts {
  readonly seed: number;
  readonly host: string;
  readonly personalities: readonly Personality[];
  /** Reachable from the internet, with all the noise that brings. */
  readonly isPublic: boolean;
  readonly start: Micros;
  readonly address: string;
  readonly gateway: string;
  readonly resolver: string;
  readonly interface: string;
  readonly mac: string;
  readonly people: readonly Person[];
  /** How much goes on here, about 0.3 to 3. */
  readonly scale: number;
  readonly isoStamps: boolean;
  readonly hasAudit: boolean;
  readonly hasFail2ban: boolean;
  readonly usesNetworkManager: boolean;
  readonly domain: string;
  readonly kernel: string;
  readonly appName: string;
}

export interface Person {
  readonly name: string;
  readonly uid: number;
  readonly isAdmin: boolean;
  readonly addresses: readonly string[];
  /** Hours of the day between which this person works. */
  readonly from: number;
  readonly to: number;
  readonly key: string;
  readonly byPassword: boolean;
}

// A Monday, far from any change of summer time.
const firstMonday = Date.UTC(2026, 0, 12) * 1000;
const names = 'anna ben clara david elif felix greta hugo ines jan katrin lukas mira noah olga paul rosa sven'.split(
  ' ',
);
const places = 'alder birch cedar delta ember fjord grove heron inlet jade kestrel lotus maple nova orchid pine'.split(
  ' ',
);
const apps = 'orders ledger booking inventory courier tickets catalog'.split(' ');
const all: readonly Personality[] = ['web', 'mail', 'developer', 'database', 'desktop'];

export function factsOf(seed: number): Facts {
  const random = new Random(Math.imul(seed + 1, 0x9e3779b1));
  const personalities = choose(random, all, random.next() < 0.4 ? 2 : 1);
  const serves = personalities.includes('web') || personalities.includes('mail');
  const isPublic = serves ? random.next() < 0.85 : random.next() < 0.2;
  const place = choose(random, places, 1)[0] ?? 'alder';
  const net = `10.${random.between(1, 200)}.${random.between(0, 250)}`;
  return {
    seed,
    host: `${place}${random.between(1, 9)}`,
    personalities,
    isPublic,
    start: firstMonday + random.between(0, 6) * day,
    address: isPublic ? publicAddress(random) : `${net}.${random.between(10, 60)}`,
    gateway: `${net}.1`,
    resolver: `${net}.2`,
    interface: random.pick(['eth0', 'ens18', 'enp3s0', 'ens160']),
    mac: macOf(random),
    people: people(random, net, isPublic),
    scale: 0.35 * 7 ** random.next(),
    isoStamps: random.next() < 0.5,
    hasAudit: random.next() < 0.4,
    hasFail2ban: isPublic && random.next() < 0.6,
    usesNetworkManager: personalities.includes('desktop') || random.next() < 0.25,
    domain: `${place}.example.${random.pick(['org', 'net', 'com'])}`,
    kernel: `6.1.0-${random.between(17, 31)}-amd64`,
    appName: choose(random, apps, 1)[0] ?? 'orders',
  };
}

function people(random: Random, net: string, isPublic: boolean): Person[] {
  const chosen = choose(random, names, random.between(3, 6));
  return chosen.map((name, number) => {
    const from = random.between(6, 10);
    const addresses = Array.from({length: random.between(1, 3)}, () =>
      isPublic && random.next() < 0.6 ? homeAddress(random) : `${net}.${random.between(100, 220)}`,
    );
    return {
      name,
      uid: 1000 + number,
      isAdmin: number < 2,
      addresses,
      from,
      to: from + random.between(7, 11),
      key: keyPrint(random),
      byPassword: random.next() < 0.3,
    };
  });
}

/** An address of the internet at large. */
export function publicAddress(random: Random): string {
  const first = random.pick([
    23, 37, 45, 51, 61, 77, 80, 89, 91, 103, 118, 139, 141, 159, 167, 177, 185, 193, 202, 218,
  ]);
  return `${first}.${random.between(0, 255)}.${random.between(0, 255)}.${random.between(1, 254)}`;
}

function homeAddress(random: Random): string {
  return `${random.pick([79, 84, 87, 93])}.${random.between(192, 255)}.${random.between(0, 255)}.${random.between(1, 254)}`;
}

export function keyPrint(random: Random): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  return Array.from({length: 43}, () => letters[random.between(0, 63)]).join('');
}

export function hex(random: Random, digits: number): string {
  return Array.from({length: digits}, () => random.between(0, 15).toString(16)).join('');
}

export function macOf(random: Random): string {
  return `52:54:00:${[0, 0, 0].map(() => hex(random, 2)).join(':')}`;
}

export function choose<Item>(random: Random, items: readonly Item[], count: number): Item[] {
  const left = [...items];
  const chosen: Item[] = [];
  while (chosen.length < count && left.length > 0) chosen.push(...left.splice(random.between(0, left.length - 1), 1));
  return chosen;
}
