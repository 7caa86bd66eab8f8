import {publicAddress} from '../facts.ts';
import type {Host} from '../host.ts';
import {nowAndThen} from '../rhythm.ts';
import type {Script} from '../simulation.ts';
import {startApplication} from './application.ts';

/** A web site with an application behind it: visitors, crawlers, scanners, and what the application logs. */
export function startWeb(host: Host): void {
  const {facts, random} = host;
  host.start(nowAndThen(host, 110 * facts.scale, true, visitor));
  host.start(nowAndThen(host, 6 * facts.scale, false, crawler));
  host.start(nowAndThen(host, facts.isPublic ? 1.5 + 2 * random.next() : 0.05, false, webScan));
  startApplication(host);
  host.start(nowAndThen(host, 1.1, true, upstreamError));
}

const agents = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15',
  'Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148',
] as const;
const pages = [
  '/',
  '/about',
  '/login',
  '/search?q=lamp',
  '/contact',
  '/cart',
  '/checkout',
  '/account',
  '/news',
  '/faq',
] as const;
const assets = ['/static/site.css', '/static/app.js', '/static/logo.svg', '/favicon.ico'] as const;

export function access(
  host: Host,
  from: string,
  request: string,
  status: number,
  bytes: number,
  agent: string,
  referrer = '-',
): void {
  host.write(
    'nginx/access.log',
    `${from} - - [${host.stamps.web(host.now)}] "${request}" ${status} ${bytes} "${referrer}" "${agent}"`,
  );
}

function* visitor(host: Host): Script {
  const {random, facts} = host;
  const from = facts.isPublic ? publicAddress(random) : `${facts.gateway.slice(0, -2)}.${random.between(100, 220)}`;
  const agent = random.pick(agents);
  const views = 1 + Math.floor(random.exponential(3));
  host.flow({
    service: 'https',
    from,
    to: facts.address,
    toPort: 443,
    out: 1_200 * views,
    in: 30_000 * views * (0.5 + random.next()),
    lasts: 2 + views * 9,
  });
  for (let number = 0; number < views; number++) {
    const page = host.chance(0.4) ? `/products/${random.between(1, 900)}` : random.pick(pages);
    const status = host.chance(0.02) ? 404 : host.chance(0.05) ? 304 : 200;
    access(
      host,
      from,
      `GET ${page} HTTP/2.0`,
      status,
      status === 304 ? 0 : random.between(2_000, 40_000),
      agent,
      `https://${facts.domain}/`,
    );
    if (number === 0)
      for (const asset of assets)
        if (host.chance(0.5)) access(host, from, `GET ${asset} HTTP/2.0`, 200, random.between(500, 90_000), agent);
    if (page === '/login' || page === '/checkout') {
      yield 8;
      access(host, from, `POST ${page} HTTP/2.0`, host.chance(0.15) ? 401 : 302, random.between(0, 300), agent);
    }
    yield 3 + random.exponential(20);
  }
}

function* crawler(host: Host): Script {
  const from = `66.249.${host.random.between(64, 79)}.${host.random.between(1, 254)}`;
  const burst = host.chance(0.05) ? host.random.between(80, 300) : host.random.between(1, 8);
  if (!host.facts.isPublic) return;
  if (host.chance(0.3)) access(host, from, 'GET /robots.txt HTTP/1.1', 200, 68, bot);
  for (let number = 0; number < burst; number++) {
    access(
      host,
      from,
      `GET /products/${host.random.between(1, 900)}?page=${host.random.between(1, 20)} HTTP/1.1`,
      host.chance(0.04) ? 404 : 200,
      host.random.between(2_000, 30_000),
      bot,
    );
    yield 0.3 + host.random.exponential(1.5);
  }
}
const bot = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';

const probes = [
  '/wp-login.php',
  '/.env',
  '/.git/config',
  '/phpmyadmin/',
  '/xmlrpc.php',
  '/cgi-bin/luci',
  '/boaform/admin/formLogin',
  '/actuator/health',
  '/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php',
  '/owa/auth/logon.aspx',
  '/solr/admin/info/system',
  '/config.json',
  '/backup.zip',
  '/shell.php',
  '/.aws/credentials',
] as const;

/** Scanners that try their list on everyone. */
function* webScan(host: Host): Script {
  const from = publicAddress(host.random);
  const agent = host.random.pick([
    'python-requests/2.31.0',
    'Go-http-client/1.1',
    'Mozilla/5.0 zgrab/0.x',
    'curl/7.81.0',
    '-',
  ]);
  const count = host.random.pick([1, 1, 2, 5, 30]);
  for (let number = 0; number < count; number++) {
    const probe = host.random.pick(probes);
    access(host, from, `GET ${probe} HTTP/1.1`, host.random.pick([404, 404, 404, 403, 400]), 153, agent);
    if (host.chance(0.2))
      host.write(
        'nginx/error.log',
        `${host.stamps.local(host.now).replace(/-/g, '/')} [error] ${host.daemon('nginx')}#${host.daemon('nginx')}: *${host.random.between(1_000, 900_000)} open() "/var/www/html${probe}" failed (2: No such file or directory), client: ${from}, server: ${host.facts.domain}, request: "GET ${probe} HTTP/1.1", host: "${host.facts.address}"`,
      );
    yield host.random.exponential(1);
  }
}

function upstreamError(host: Host): undefined {
  const from = publicAddress(host.random);
  const page = `/products/${host.random.between(1, 900)}`;
  const kind = host.random.pick([
    'upstream timed out (110: Connection timed out) while reading response header from upstream',
    'connect() failed (111: Connection refused) while connecting to upstream',
    'upstream prematurely closed connection while reading response header from upstream',
  ]);
  host.write(
    'nginx/error.log',
    `${host.stamps.local(host.now).replace(/-/g, '/')} [error] ${host.daemon('nginx')}#${host.daemon('nginx')}: *${host.random.between(1_000, 900_000)} ${kind}, client: ${from}, server: ${host.facts.domain}, request: "GET ${page} HTTP/1.1", upstream: "http://127.0.0.1:8000${page}", host: "${host.facts.domain}"`,
  );
  access(host, from, `GET ${page} HTTP/1.1`, 502, 157, agents[0]);
}
