import type {Host} from '../host.ts';
import {nowAndThen} from '../rhythm.ts';
import type {Script} from '../simulation.ts';

/** The application behind the web site: what it logs, some as JSON and some plain. */
export function startApplication(host: Host): void {
  host.start(nowAndThen(host, 40 * host.facts.scale, true, work));
  host.start(nowAndThen(host, 0.25, true, exception));
}

/** The application's own words, some as JSON and some plain. */
function* work(host: Host): Script {
  const {random, facts} = host;
  const id = random.between(10_000, 999_999);
  const json = (level: string, msg: string, more: object) =>
    host.write(
      'app/service.json',
      JSON.stringify({time: host.stamps.iso(host.now), level, logger: facts.appName, msg, ...more}),
    );
  const kind = random.next();
  if (kind < 0.55) {
    json('info', 'order received', {order: id, items: random.between(1, 9), user_id: random.between(1, 5_000)});
    yield 0.5;
    json('info', 'payment accepted', {order: id, provider: random.pick(['card', 'transfer', 'wallet'])});
    yield 1 + random.exponential(3);
    json('info', 'order completed', {order: id, took_ms: random.between(80, 3_000)});
  } else if (kind < 0.8) {
    host.write(
      'app/worker.log',
      `${host.stamps.localMillis(host.now, ',')} INFO worker-${random.between(1, 4)} job ${id} sent mail to customer ${random.between(1, 5_000)}`,
    );
  } else if (kind < 0.95) {
    host.write(
      'app/worker.log',
      `${host.stamps.localMillis(host.now, ',')} DEBUG cache refreshed in ${random.between(20, 900)} ms, ${random.between(100, 4_000)} entries`,
    );
  } else
    json('warning', 'payment declined', {
      order: id,
      reason: random.pick(['insufficient funds', 'expired card', 'limit']),
    });
}

const errors = [
  'KeyError: sku',
  'TimeoutError: database did not answer',
  'ValueError: invalid literal for int()',
  'ConnectionResetError: [Errno 104] Connection reset by peer',
] as const;

/** A trace over many lines, as applications write them to their plain log. */
function exception(host: Host): undefined {
  const line = host.random.between(20, 400);
  const trace = [
    `${host.stamps.localMillis(host.now, ',')} ERROR worker-${host.random.between(1, 4)} job ${host.random.between(10_000, 999_999)} failed`,
    'Traceback (most recent call last):',
    `  File "/srv/${host.facts.appName}/worker.py", line ${line}, in run`,
    '    self.handle(job)',
    `  File "/srv/${host.facts.appName}/handlers.py", line ${line + 31}, in handle`,
    '    result = self.store.fetch(job.key)',
    host.random.pick(errors),
  ];
  for (const text of trace) host.write('app/worker.log', text);
}
