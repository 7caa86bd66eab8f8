import {Random} from '../../src/capture/demo/random.ts';
import type {FlowState, Micros} from '../../src/event/event.ts';
import type {Facts, Person} from './facts.ts';
import {macOf} from './facts.ts';
import {ordinary} from './item.ts';
import {Meter, type Strain} from './meter.ts';
import {type Rewording, rewordings} from './renewal.ts';
import {type Script, Simulation} from './simulation.ts';
import {Stamps} from './stamps.ts';

export interface FlowSketch {
  readonly transport?: string;
  readonly service?: string;
  readonly from?: string;
  readonly fromPort?: number;
  readonly to: string;
  readonly toPort: number;
  readonly out: number;
  readonly in: number;
  /** Seconds. */
  readonly lasts: number;
  readonly state?: FlowState;
}

/** What all that goes on on one machine shares. */
interface World {
  readonly facts: Facts;
  readonly sim: Simulation;
  readonly meter: Meter;
  readonly stamps: Stamps;
  readonly daemons: Map<string, number>;
  readonly macs: Map<string, string>;
  /** Files that nothing ordinary is written to, until when. */
  readonly muted: Map<string, Micros>;
  /** Programs whose new version words its messages otherwise. */
  readonly renewed: Map<string, Rewording>;
  lastPid: number;
  bootedAt: Micros;
  flows: number;
  audits: number;
}

/**
 * The machine as one who acts on it sees it: writes lines, makes flows and load, each marked as ordinary or as a phase's.
 * Everyone who acts has a Random of their own, so that one habit changes nothing about another's.
 */
export class Host {
  readonly facts: Facts;
  readonly random: Random;
  readonly phase: number;
  readonly #world: World;

  private constructor(world: World, random: Random, phase: number) {
    this.#world = world;
    this.facts = world.facts;
    this.random = random;
    this.phase = phase;
  }

  static of(facts: Facts): Host {
    const random = new Random(facts.seed * 7919 + 1);
    const world: World = {
      facts,
      sim: new Simulation(facts.start),
      meter: new Meter(facts, new Random(facts.seed * 7919 + 2)),
      stamps: new Stamps(),
      daemons: new Map(),
      macs: new Map(),
      muted: new Map(),
      renewed: new Map(),
      lastPid: random.between(900, 4_000),
      bootedAt: facts.start - random.between(3, 90) * 86_400 * 1e6,
      flows: 0,
      audits: random.between(1_000, 9_000),
    };
    return new Host(world, random, ordinary);
  }

  /** The same machine for another actor: ordinary, or a phase. */
  actor(number: number, phase: number = ordinary): Host {
    return new Host(this.#world, new Random(Math.imul(this.facts.seed * 1_009 + number + 1, 0x85ebca6b)), phase);
  }

  get sim(): Simulation {
    return this.#world.sim;
  }

  get meter(): Meter {
    return this.#world.meter;
  }

  get now(): Micros {
    return this.#world.sim.now;
  }

  get stamps(): Stamps {
    return this.#world.stamps;
  }

  get uptime(): number {
    return (this.now - this.#world.bootedAt) / 1e6;
  }

  start(script: Script, seconds = 0): void {
    this.#world.sim.start(script, seconds);
  }

  chance(probability: number): boolean {
    return this.random.next() < probability;
  }

  port(): number {
    return this.random.between(32_768, 60_999);
  }

  newPid(): number {
    const world = this.#world;
    world.lastPid += 1 + Math.floor(this.random.exponential(4));
    if (world.lastPid > 4_000_000) world.lastPid = 400;
    return world.lastPid;
  }

  /** The process id that a daemon keeps until it is started anew. */
  daemon(program: string): number {
    const known = this.#world.daemons.get(program);
    if (known !== undefined) return known;
    return this.restart(program);
  }

  restart(program: string): number {
    const pid = program === 'systemd' ? 1 : this.newPid();
    this.#world.daemons.set(program, pid);
    return pid;
  }

  /** A new version of some program, which words its messages otherwise from now on. */
  renewSomething(): void {
    const names = Object.keys(rewordings);
    const name = names[this.random.between(0, names.length - 1)] ?? '';
    const rewording = rewordings[name];
    if (rewording) this.#world.renewed.set(name, rewording);
  }

  booted(): void {
    this.#world.daemons.clear();
    this.#world.lastPid = 300;
    this.#world.bootedAt = this.now;
  }

  /** A line through syslog. `pid`: the daemon's own if not given, none if null. */
  log(program: string, message: string, pid: number | null = this.daemon(program)): void {
    const said = this.#world.renewed.get(program)?.(message) ?? message;
    const tag = pid === null ? program : `${program}[${pid}]`;
    this.write(fileOf(program, message), `${this.#syslogHead()} ${tag}: ${said}`);
  }

  kernel(message: string): void {
    const uptime = this.uptime.toFixed(6).padStart(12);
    this.write('kern.log', `${this.#syslogHead()} kernel: [${uptime}] ${message}`);
  }

  systemd(message: string): void {
    this.log('systemd', message, 1);
  }

  /** One record of auditd, where there is one. */
  audit(type: string, body: string): void {
    if (!this.facts.hasAudit) return;
    const stamp = `${Math.floor(this.now / 1e6)}.${String(Math.floor((this.now % 1e6) / 1000)).padStart(3, '0')}`;
    this.write('audit/audit.log', `type=${type} msg=audit(${stamp}:${++this.#world.audits}): ${body}`);
  }

  /** Keeps what is ordinary from being written to these files for so many seconds. */
  mute(files: readonly string[], seconds: number): void {
    for (const file of files) this.#world.muted.set(file, this.now + seconds * 1e6);
  }

  write(file: string, text: string): void {
    if (this.phase === ordinary && (this.#world.muted.get(file) ?? 0) > this.now) return;
    this.sim.emit({kind: 'line', at: this.now, phase: this.phase, file, text});
    this.sim.pass(this.random.between(30, 900));
  }

  flow(sketch: FlowSketch): void {
    this.start(this.#reports(sketch, ++this.#world.flows));
  }

  strain(strain: Strain, seconds: number): void {
    this.meter.add(strain, this.now, this.now + seconds * 1e6);
  }

  person(admin = false): Person {
    const people = admin ? this.facts.people.filter(one => one.isAdmin) : this.facts.people;
    const [first] = this.facts.people;
    const one = people[this.random.between(0, people.length - 1)] ?? first;
    if (one === undefined) throw new Error('expected a machine with people');
    return one;
  }

  #syslogHead(): string {
    const {stamps, facts} = this.#world;
    return `${facts.isoStamps ? stamps.iso(this.now) : stamps.syslog(this.now)} ${facts.host}`;
  }

  /** The sensor tells of a flow when it begins, while it lasts (here each five minutes) and when it ends. */
  *#reports(sketch: FlowSketch, position: number): Script {
    const begun = this.now;
    const fromPort = sketch.fromPort ?? this.port();
    if (sketch.lasts > 2) {
      this.#report(sketch, {position, begun, fromPort, share: Math.min(0.1, 1 / sketch.lasts), ended: false});
      for (let left = sketch.lasts; left > 300; left -= 300) {
        yield 300;
        const share = Math.min(0.99, (this.now - begun) / 1e6 / sketch.lasts);
        this.#report(sketch, {position, begun, fromPort, share, ended: false});
      }
    }
    yield Math.max(0.001, sketch.lasts - (this.now - begun) / 1e6);
    this.#report(sketch, {position, begun, fromPort, share: 1, ended: true});
  }

  #report(sketch: FlowSketch, report: Report): void {
    const {facts} = this;
    const {from = facts.address, transport = 'tcp', state = 'SF'} = sketch;
    const bytesOut = Math.max(40, Math.round(sketch.out * report.share));
    const bytesIn = state === 'S0' ? 0 : Math.max(40, Math.round(sketch.in * report.share));
    const flow = {
      position: report.position,
      time: report.begun,
      last: this.now,
      ended: report.ended,
      transport,
      service: sketch.service ?? '',
      sourceIp: from,
      sourcePort: report.fromPort,
      sourceMac: this.#macOf(from),
      destinationIp: sketch.to,
      destinationPort: sketch.toPort,
      destinationMac: this.#macOf(sketch.to),
      interface: facts.interface,
      vlan: 0,
      packetsOut: packets(bytesOut),
      bytesOut,
      packetsIn: state === 'S0' ? 0 : packets(bytesIn),
      bytesIn,
      state: report.ended ? state : openState(state, transport),
      history: historyOf(state, transport, report.ended),
    };
    this.sim.emit({kind: 'flow', at: this.now, phase: this.phase, flow});
  }

  /** All that is not in the same network comes by way of the gateway. */
  #macOf(address: string): string {
    const {facts, macs} = this.#world;
    if (address === facts.address) return facts.mac;
    const near = address.startsWith(facts.gateway.slice(0, facts.gateway.lastIndexOf('.') + 1));
    const key = near ? address : facts.gateway;
    const mac = macs.get(key) ?? macOf(this.random);
    if (macs.size < 1_000) macs.set(key, mac);
    return mac;
  }
}

interface Report {
  readonly position: number;
  readonly begun: Micros;
  readonly fromPort: number;
  readonly share: number;
  readonly ended: boolean;
}

function packets(bytes: number): number {
  return 1 + Math.ceil(bytes / 1_100);
}

function openState(state: FlowState, transport: string): FlowState {
  return transport === 'tcp' && state === 'SF' ? 'S1' : state;
}

function historyOf(state: FlowState, transport: string, ended: boolean): string {
  if (transport !== 'tcp') return state === 'S0' ? 'D' : 'Dd';
  if (state === 'S0') return 'S';
  if (state === 'REJ') return 'Sr';
  if (state === 'RSTO') return 'ShADadR';
  return ended ? 'ShADadFf' : 'ShADad';
}

const authPrograms: ReadonlySet<string> = new Set(
  'sshd sudo su CRON-pam systemd-logind useradd usermod groupadd passwd chage polkitd pkexec gdm-password login chpasswd userdel'.split(
    ' ',
  ),
);

function fileOf(program: string, message: string): string {
  if (authPrograms.has(program) || (program === 'CRON' && message.startsWith('pam_'))) return 'auth.log';
  if (program.startsWith('postfix/') || program.startsWith('dovecot') || program === 'spamd') return 'mail.log';
  return 'syslog';
}
