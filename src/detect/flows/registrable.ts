/**
 * The part of a name that somebody registered: `mail.example.co.uk` → `example.co.uk`. A name that is itself such, or a
 * single label, stays as it is. There is no table of the thousands of public suffixes here: below a country's code the
 * usual second labels (`co`, `com`, `ac` …) count as its suffix, and some tens of services under which everybody can get
 * a name are listed. Under a suffix that is in neither, names of several owners are taken for one owner's.
 */
export function registrableDomain(name: string): string {
  // Where the last labels begin: of each row of DNS it is asked, so no list is made of them.
  const top = labelBefore(name, name.length);
  const second = labelBefore(name, top - 1);
  const third = labelBefore(name, second - 1);
  if (third < 0) return name.slice(Math.max(0, second < 0 ? top : second));
  const fourth = labelBefore(name, third - 1);
  if (sharedByAll.has(name.slice(third))) return name.slice(fourth < 0 ? third : fourth);
  if (sharedByAll.has(name.slice(second))) return name.slice(third);
  const isCountry = name.length - top === 2;
  return name.slice(isCountry && secondLabels.has(name.slice(second, top - 1)) ? third : second);
}

/** What stands before the registered part, without the dot between; '' where nothing does. */
export function subdomainOf(name: string, registrable: string): string {
  return name.length > registrable.length ? name.slice(0, name.length - registrable.length - 1) : '';
}

/** The label that was chosen when the name was registered: `example` of `example.co.uk`. */
export function registeredLabel(registrable: string): string {
  const dot = registrable.indexOf('.');
  return dot < 0 ? registrable : registrable.slice(0, dot);
}

/** As names are compared: lower case, without the root's dot. */
export function plainName(name: string): string {
  const lower = name.toLowerCase();
  return lower.endsWith('.') ? lower.slice(0, -1) : lower;
}

/** Where the label that ends at `end` begins; -1 where there is none. */
function labelBefore(name: string, end: number): number {
  return end <= 0 ? -1 : name.lastIndexOf('.', end - 1) + 1;
}

const secondLabels: ReadonlySet<string> = new Set(
  'ac asn co com ed edu firm gen go gob gouv gov govt ind info ltd ltda mil ne net nhs nic nom or org plc police pro sch web'.split(
    ' ',
  ),
);

/** Whoever asks gets a name below: each such name has an owner of its own. */
const sharedByAll: ReadonlySet<string> = new Set([
  ...['amazonaws.com', 'cloudfront.net', 'elasticbeanstalk.com', 'awsglobalaccelerator.com', 'on.aws'],
  ...['azurewebsites.net', 'azureedge.net', 'azurefd.net', 'cloudapp.net', 'core.windows.net', 'trafficmanager.net'],
  ...['appspot.com', 'firebaseapp.com', 'web.app', 'run.app', 'blogspot.com', 'github.io', 'gitlab.io'],
  ...['herokuapp.com', 'netlify.app', 'vercel.app', 'pages.dev', 'workers.dev', 'fly.dev', 'onrender.com'],
  ...['ngrok.io', 'ngrok.app', 'ngrok-free.app', 'trycloudflare.com', 'duckdns.org', 'ddns.net', 'no-ip.org'],
  ...['hopto.org', 'zapto.org', 'dyndns.org', 'freeddns.org', 'dynu.net', 'sytes.net', 'myftp.org', 'servehttp.com'],
  ...['fastly.net', 'akamaized.net', 'b-cdn.net', 'digitaloceanspaces.com', 'wordpress.com', 'myshopify.com'],
]);
