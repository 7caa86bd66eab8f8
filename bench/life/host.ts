import {Random} from '../../src/capture/demo/random.ts';
import type {Micros} from '../../src/event/event.ts';
import type {Facts, Person} from './facts.ts';
import {FlowReports, type FlowSketch} from './flow-reports.ts';
import {ordinary} from './item.ts';
import {Meter, type Strain} from './meter.ts';
import {type Rewording, rewordings} from './renewal.ts';
import {type Script, Simulation} from './simulation.ts';
import {Stamps} from './stamps.ts';

/** What all that goes on on one machine shares. */
interface World {
  readonly facts: Facts;
  readonly sim: Simulation;
  readonly meter: Meter;
  readonly stamps: Stamps;
  readonly daemons: Map<string, number>;
  readonly flows: FlowReports;
  /** Files that nothing ordinary is written to, until when. */
  readonly muted: Map<string, Micros>;
  /** Programs whose new version words its messages otherwise. */
  readonly renewed: Map<string, Rewording>;
  lastPid: number;
  bootedAt: Micros;
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
    const sim = new Simulation(facts.start);
    const world: World = {
      facts,
      sim,
      meter: new Meter(facts, new Random(facts.seed * 7919 + 2)),
      stamps: new Stamps(),
      daemons: new Map(),
      flows: new FlowReports(facts, sim),
      muted: new Map(),
      renewed: new Map(),
      lastPid: random.between(900, 4_000),
      bootedAt: facts.start - random.between(3, 90) * 86_400 * 1e6,
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
    this.start(this.#world.flows.reports(sketch, this.random, this.phase));
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
