import type {Host} from '../host.ts';
import {nowAndThen, regularly} from '../rhythm.ts';
import type {Script} from '../simulation.ts';
import {cronJob} from './clockwork.ts';

/** What administrators put on every machine and nobody reads: collectors, configuration runs, checks. */
export function startAgents(host: Host): void {
  const {random, facts} = host;
  const agents = [minutely, snmp, configuration, collector, checks];
  const first = random.between(0, agents.length - 1);
  const count = random.between(2, 3);
  for (let number = 0; number < count; number++) agents[(first + number * 2) % agents.length]?.(host);
  host.start(nowAndThen(host, 1.5 * facts.scale, true, firewallWord));
}

function minutely(host: Host): void {
  const who = host.chance(0.5) ? 'root' : 'nobody';
  host.start(
    regularly(host, 60, 0, it => cronJob(it, who, '/usr/local/bin/collect-stats >> /var/log/stats.log 2>&1', 2)),
  );
}

function snmp(host: Host): void {
  const from = `${host.facts.gateway.slice(0, -2)}.5`;
  host.start(
    regularly(host, 60, 1, it => {
      it.log('snmpd', `Connection from UDP: [${from}]:${it.port()}->[${it.facts.address}]:161`);
      it.flow({
        transport: 'udp',
        service: 'snmp',
        from,
        to: it.facts.address,
        toPort: 161,
        out: 900,
        in: 2_300,
        lasts: 0.2,
      });
      return undefined;
    }),
  );
}

function configuration(host: Host): void {
  host.start(regularly(host, 1_800, 200, configurationRun));
}

function* configurationRun(host: Host): Script {
  const pid = host.newPid();
  host.log('puppet-agent', "Using environment 'production'", pid);
  yield 2;
  host.log('puppet-agent', 'Retrieving pluginfacts', pid);
  host.log('puppet-agent', 'Retrieving plugin', pid);
  yield 6;
  host.log('puppet-agent', `Caching catalog for ${host.facts.host}.${host.facts.domain}`, pid);
  host.log('puppet-agent', `Applying configuration version '${Math.floor(host.now / 1e6)}'`, pid);
  yield 8;
  if (host.chance(0.02)) {
    host.log(
      'puppet-agent',
      `(/Stage[main]/Base/File[/etc/motd]/content) content changed '{sha256}${host.random.between(1e8, 9e8)}' to '{sha256}${host.random.between(1e8, 9e8)}'`,
      pid,
    );
  }
  if (host.chance(0.01))
    host.log('puppet-agent', 'Could not retrieve catalog from remote server: execution expired', pid);
  host.log('puppet-agent', `Applied catalog in ${(4 + host.random.exponential(3)).toFixed(2)} seconds`, pid);
}

function collector(host: Host): void {
  host.start(regularly(host, 20, 1, collected));
}

function collected(host: Host): undefined {
  const {random} = host;
  if (host.chance(0.985))
    host.log(
      'telegraf',
      `${host.stamps.iso(host.now).slice(0, 19)}Z D! [outputs.influxdb] Wrote batch of ${random.between(60, 240)} metrics in ${(random.next() * 40).toFixed(3)}ms`,
    );
  else if (host.chance(0.7))
    host.log(
      'telegraf',
      `${host.stamps.iso(host.now).slice(0, 19)}Z W! [inputs.disk] Collection took longer than expected; not complete after interval of 10s`,
    );
  else
    host.log(
      'telegraf',
      `${host.stamps.iso(host.now).slice(0, 19)}Z E! [outputs.influxdb] When writing to [http://metrics.${host.facts.domain}:8086]: failed doing req: context deadline exceeded`,
    );
  return undefined;
}

function checks(host: Host): void {
  host.start(regularly(host, 30, 2, check));
}

const checked = ['check_load', 'check_disk', 'check_procs', 'check_swap', 'check_users', 'check_ntp_time'] as const;

function* check(host: Host): Script {
  const from = `${host.facts.gateway.slice(0, -2)}.6`;
  const pid = host.newPid();
  host.flow({from, to: host.facts.address, toPort: 5666, out: 1_200, in: 1_300, lasts: 0.3});
  host.log('nrpe', `Host ${from} is asking for command '${host.random.pick(checked)}' to be run...`, pid);
  yield 0.2;
  host.log('nrpe', `Return Code: ${host.chance(0.985) ? 0 : host.random.between(1, 2)}, Output: ok`, pid);
}

function firewallWord(host: Host): undefined {
  host.kernel(
    `[UFW BLOCK] IN=${host.facts.interface} OUT= MAC=01:00:5e:00:00:01:${host.facts.mac} SRC=${host.facts.gateway} DST=224.0.0.1 LEN=36 TOS=0x00 PREC=0xC0 TTL=1 ID=0 DF PROTO=2`,
  );
  return undefined;
}
