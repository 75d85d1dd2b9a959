// `clickhouse://user:password@host:8443,host2/db?secure&cluster=fleet`: where the servers are and how they stand together.
// `clickhouses://` is the same with TLS.

import { Failure } from '../../../../core/index.ts';

export interface Host {
  /** Name or address, an IPv6 address without brackets. */
  readonly name: string;
  readonly port: number;
}

/** What a URL says. */
export interface Place {
  readonly hosts: readonly Host[];
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** TLS. */
  readonly isSecure: boolean;
  /** File with certificates to trust besides those of the system; empty: none. */
  readonly authorities: string;
  /** Cluster in the server's `remote_servers`; empty: one server. */
  readonly cluster: string;
  /** Tables are kept by several replicas: ReplicatedMergeTree, ON CLUSTER. */
  readonly isReplicated: boolean;
  /** Name of the shard to write to; empty: by the sensor's name. */
  readonly shard: string;
  readonly compress: 'none' | 'gzip';
  /** Answers of clusters where a shard is down leave its rows out instead of failing. */
  readonly isPartial: boolean;
  /** Longest time rows wait to be sent together. */
  readonly everyMs: number;
  /** Batches each table remembers, so that none is taken twice. */
  readonly window: number;
  /** For people: without the password. */
  readonly text: string;
}

const hint =
  'Write clickhouse://user:password@host:8443,host2/database?secure&cluster=name; the password may stand in ' +
  'CLICKHOUSE_PASSWORD instead; see docs/72-fleet.md.';

/** @param what never holds the password */
const bad = (what: string): Failure => new Failure('BAD_OPTION', `bad ClickHouse URL: ${what}`, hint);

const form = /^clickhouse(s?):\/\/(?:([^@]*)@)?([^/?#@]+)(?:\/([^?#]*))?(?:\?([^#]*))?$/;
const hostForm = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9._-]+))(?::(\d{1,5}))?$/;
const nameForm = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;
const clusterForm = /^[A-Za-z0-9_.-]{1,64}$/;
const options = ['secure', 'ca', 'cluster', 'replicated', 'shard', 'compress', 'partial', 'every', 'window'];

function decoded(text: string, what: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw bad(`the ${what} has a % that is no %XX`);
  }
}

function readHost(text: string, defaultPort: number): Host {
  const match = hostForm.exec(text);
  // It is not told: it may be a password without its host.
  if (match === null) throw bad('a host is not written as name:port');
  const port = match[3] === undefined ? defaultPort : Number(match[3]);
  if (port < 1 || port > 65_535) throw bad(`${match[3]} is no port`);
  return { name: match[1] ?? match[2], port };
}

function readOptions(text: string): Map<string, string> {
  const given = new Map<string, string>();
  for (const part of text.split('&').filter((each) => each !== '')) {
    const [name, ...value] = part.split('=');
    if (!options.includes(name)) throw bad(`unknown option '${name}'; there are ${options.join(', ')}`);
    given.set(name, decoded(value.join('='), name));
  }
  return given;
}

function flag(given: ReadonlyMap<string, string>, name: string): boolean {
  const value = given.get(name);
  if (value === undefined) return false;
  if (value === '' || value === '1' || value === 'true') return true;
  if (value === '0' || value === 'false') return false;
  throw bad(`${name}=${value}: there are 1 and 0`);
}

function whole(given: ReadonlyMap<string, string>, name: string, least: number, most: number, unset: number): number {
  const value = given.get(name);
  if (value === undefined) return unset;
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < least || number > most) throw bad(`${name} is from ${least} to ${most}`);
  return number;
}

function readCompress(given: ReadonlyMap<string, string>): 'none' | 'gzip' {
  const value = given.get('compress') ?? 'none';
  if (value !== 'none' && value !== 'gzip') throw bad(`compress=${value}: there are none and gzip`);
  return value;
}

function readNames(given: ReadonlyMap<string, string>): Pick<Place, 'cluster' | 'shard' | 'authorities'> {
  const cluster = given.get('cluster') ?? '';
  const shard = given.get('shard') ?? '';
  if (given.has('cluster') && !clusterForm.test(cluster)) throw bad('cluster is a name of letters, digits, _ . -');
  if (given.has('shard') && !clusterForm.test(shard)) throw bad('shard is a name of letters, digits, _ . -');
  return { cluster, shard, authorities: given.get('ca') ?? '' };
}

/**
 * @param environment where the password may stand as CLICKHOUSE_PASSWORD
 * Throws BAD_OPTION.
 */
export function parseClickhouseUrl(url: string, environment: Readonly<NodeJS.ProcessEnv> = process.env): Place {
  const match = form.exec(url);
  if (match === null) throw bad('it is not made of user, host, database and options');
  const [, tls, login, hostList, path = '', query = ''] = match;
  const colon = login?.indexOf(':') ?? -1;
  const user = login === undefined ? 'default' : decoded(colon < 0 ? login : login.slice(0, colon), 'user');
  if (user.includes(':')) throw bad('the user holds a colon');
  const password =
    login === undefined || colon < 0
      ? (environment.CLICKHOUSE_PASSWORD ?? '')
      : decoded(login.slice(colon + 1), 'password');
  const given = readOptions(query);
  const isSecure = tls !== '' || flag(given, 'secure');
  const hosts = hostList.split(',').map((text) => readHost(text, isSecure ? 8443 : 8123));
  const names = readNames(given);
  const isReplicated = flag(given, 'replicated');
  if (names.cluster === '' && hosts.length > 1) throw bad('several hosts are one store only with cluster=name');
  if (names.cluster === '' && isReplicated) throw bad('replicated needs cluster=name');
  if (names.cluster === '' && names.shard !== '') throw bad('shard needs cluster=name');
  const database = path === '' ? 'taplight' : decoded(path, 'database');
  if (!nameForm.test(database)) throw bad('the database is a name of letters, digits and _');
  const hostText = hosts.map(hostName).join(',');
  return {
    hosts,
    user,
    password,
    database,
    isSecure,
    ...names,
    isReplicated,
    compress: readCompress(given),
    isPartial: flag(given, 'partial'),
    everyMs: whole(given, 'every', 1, 3600, 5) * 1000,
    window: whole(given, 'window', 100, 10_000_000, 100_000),
    text: `clickhouse${tls}://${encodeURIComponent(user)}@${hostText}/${database}${query === '' ? '' : `?${query}`}`,
  };
}

/** `host:port`, as in a URL. */
export function hostName({ name, port }: Host): string {
  return `${name.includes(':') ? `[${name}]` : name}:${port}`;
}
