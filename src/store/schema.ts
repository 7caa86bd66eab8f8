/**
 * Tables, newest layout. Migrations are appended, never edited: `user_version` counts how many have run. Times are
 * integer microseconds UTC. `seq` is the store sequence number: one rising series over all tables, given out by the
 * writer; `mark` keeps the last one given out in an hour, so that a row's age can be told. Repeated text (hosts,
 * providers, users) is interned in `name`; the views (views.ts) give it back, and are the stable interface for
 * `siem query --sql` and other programs. Where the engine has FTS5, full-text.ts adds `log_text`.
 */
export const migrations: readonly string[] = [
  `
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;

CREATE TABLE mark (hour INTEGER PRIMARY KEY, seq INTEGER NOT NULL);

CREATE TABLE name (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);

CREATE TABLE stream (
  id INTEGER PRIMARY KEY,
  agent TEXT NOT NULL, host TEXT NOT NULL, source TEXT NOT NULL, epoch TEXT NOT NULL, dataset TEXT NOT NULL,
  UNIQUE (agent, source, epoch, host, dataset)
);

CREATE TABLE log (
  seq INTEGER PRIMARY KEY,
  time INTEGER NOT NULL,
  ingested INTEGER NOT NULL,
  stream INTEGER NOT NULL REFERENCES stream,
  position INTEGER NOT NULL,
  level INTEGER NOT NULL,
  code INTEGER NOT NULL,
  provider INTEGER NOT NULL REFERENCES name,
  host INTEGER NOT NULL REFERENCES name,
  user INTEGER REFERENCES name,
  pid INTEGER,
  message TEXT NOT NULL,
  fields TEXT
);
CREATE UNIQUE INDEX log_identity ON log (stream, position);
CREATE INDEX log_time ON log (time);

CREATE TABLE alert (
  id TEXT PRIMARY KEY,
  seq INTEGER NOT NULL UNIQUE,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  host INTEGER NOT NULL REFERENCES name,
  agent TEXT NOT NULL,
  rule TEXT NOT NULL,
  rule_name TEXT NOT NULL,
  level TEXT NOT NULL,
  level_rank INTEGER NOT NULL,
  category TEXT NOT NULL,
  entity TEXT NOT NULL,
  reason TEXT NOT NULL,
  count INTEGER NOT NULL,
  techniques TEXT NOT NULL,
  historical INTEGER NOT NULL,
  status TEXT NOT NULL,
  provider TEXT NOT NULL,
  code INTEGER NOT NULL,
  event TEXT NOT NULL
);
CREATE INDEX alert_last ON alert (last);

CREATE TABLE alert_change (
  seq INTEGER PRIMARY KEY,
  alert TEXT NOT NULL,
  time INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  verdict TEXT,
  note TEXT
);
CREATE INDEX alert_change_alert ON alert_change (alert);

CREATE TABLE anomaly (
  seq INTEGER PRIMARY KEY,
  alert TEXT NOT NULL,
  minute INTEGER NOT NULL,
  time INTEGER NOT NULL,
  code INTEGER NOT NULL,
  category TEXT NOT NULL,
  level TEXT NOT NULL,
  provider TEXT NOT NULL,
  message TEXT NOT NULL,
  count INTEGER NOT NULL,
  UNIQUE (alert, minute)
);
CREATE INDEX anomaly_time ON anomaly (time);

CREATE TABLE flow (
  seq INTEGER PRIMARY KEY,
  time INTEGER NOT NULL,
  last INTEGER NOT NULL,
  ingested INTEGER NOT NULL,
  stream INTEGER NOT NULL REFERENCES stream,
  position INTEGER NOT NULL,
  ended INTEGER NOT NULL,
  transport TEXT NOT NULL,
  service TEXT NOT NULL,
  source_ip TEXT NOT NULL, source_port INTEGER NOT NULL, source_mac TEXT NOT NULL,
  destination_ip TEXT NOT NULL, destination_port INTEGER NOT NULL, destination_mac TEXT NOT NULL,
  interface TEXT NOT NULL,
  vlan INTEGER NOT NULL,
  packets_out INTEGER NOT NULL, bytes_out INTEGER NOT NULL,
  packets_in INTEGER NOT NULL, bytes_in INTEGER NOT NULL,
  state TEXT NOT NULL, history TEXT NOT NULL
);
CREATE UNIQUE INDEX flow_identity ON flow (stream, position);
CREATE INDEX flow_last ON flow (last);

CREATE TABLE series (
  id INTEGER PRIMARY KEY,
  stream INTEGER NOT NULL REFERENCES stream, name TEXT NOT NULL, unit TEXT NOT NULL,
  UNIQUE (stream, name)
);

CREATE TABLE metric (
  seq INTEGER PRIMARY KEY,
  time INTEGER NOT NULL,
  ingested INTEGER NOT NULL,
  series INTEGER NOT NULL REFERENCES series,
  position INTEGER NOT NULL,
  value REAL NOT NULL,
  max REAL NOT NULL
);
CREATE UNIQUE INDEX metric_identity ON metric (series, position);
CREATE INDEX metric_time ON metric (time);

CREATE TABLE tally (
  hour INTEGER NOT NULL, dimension TEXT NOT NULL, value TEXT NOT NULL, count INTEGER NOT NULL,
  PRIMARY KEY (hour, dimension, value)
) WITHOUT ROWID;

CREATE TABLE position (
  source TEXT PRIMARY KEY, value TEXT NOT NULL, updated INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE gap (
  seq INTEGER PRIMARY KEY,
  source TEXT NOT NULL, began INTEGER NOT NULL, ended INTEGER NOT NULL, reason TEXT NOT NULL, lost INTEGER
);

CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL, updated INTEGER NOT NULL) WITHOUT ROWID;
`,
  'ALTER TABLE flow ADD COLUMN fields TEXT',
  `
CREATE TABLE traffic_minute (
  minute INTEGER NOT NULL, dimension TEXT NOT NULL, value TEXT NOT NULL,
  packets INTEGER NOT NULL, sent INTEGER NOT NULL, received INTEGER NOT NULL, flows INTEGER NOT NULL,
  PRIMARY KEY (minute, dimension, value)
) WITHOUT ROWID;
`,
];
