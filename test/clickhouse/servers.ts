// Real ClickHouse servers for tests: one node or several that know each other as shards of the cluster `fleet`.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';

export const user = 'sensor';
export const password = 'p@ss/w:rd';

/** Where scripts/clickhouse.mjs puts the packages. Paths go from the project's folder: a bench bundles this file. */
export const packages = resolve(process.env.TAPLIGHT_CLICKHOUSE ?? 'scratch/clickhouse');

/** Null where servers can be started, otherwise why they cannot. CI never goes without. */
export const missing: string | null = existsSync(join(packages, 'node_modules/.package-lock.json'))
  ? null
  : 'no ClickHouse for tests: run node scripts/clickhouse.mjs';
if (missing !== null && process.env.CI !== undefined) throw new Error(missing);

/** One running server. */
export interface ClickhouseNode {
  readonly pid: number;
  readonly httpPort: number;
  /** Runs a statement as an administrator and gives the answer's text. */
  ask(sql: string, settings?: Readonly<Record<string, string>>): Promise<string>;
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same data and ports. */
  start(): Promise<void>;
}

export interface Cluster {
  readonly nodes: readonly ClickhouseNode[];
  /** `clickhouse://` URL of all nodes. */
  url(database: string, options?: string): string;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

const escapeXml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

interface Place {
  readonly folder: string;
  readonly http: number;
  readonly tcp: number;
}

function writeConfig(at: number, places: readonly Place[]): string {
  const { folder, http, tcp } = places[at];
  const login = `<user>${user}</user><password>${escapeXml(password)}</password>`;
  const shards = places.map(
    (each) =>
      `<shard><internal_replication>true</internal_replication><replica><host>127.0.0.1</host><port>${each.tcp}</port>${login}</replica></shard>`,
  );
  const rights = '<networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota>';
  // The server's own session is `default` without a password; that it listens on loopback only is the lock.
  writeFileSync(
    join(folder, 'users.xml'),
    `<clickhouse><profiles><default/></profiles><users>
      <default><password></password>${rights}<access_management>1</access_management></default>
      <${user}><password>${escapeXml(password)}</password>${rights}</${user}>
    </users><quotas><default/></quotas></clickhouse>`,
  );
  const config = join(folder, 'config.xml');
  writeFileSync(
    config,
    `<clickhouse><tcp_port>${tcp}</tcp_port><http_port>${http}</http_port>
      <users_config>${join(folder, 'users.xml')}</users_config>
      <logger><level>warning</level><log>${join(folder, 'server.log')}</log></logger>
      <remote_servers><fleet>${shards.join('')}</fleet></remote_servers>
      <macros><shard>${at + 1}</shard><replica>node${at + 1}</replica></macros>
      <background_pool_size>2</background_pool_size><background_schedule_pool_size>4</background_schedule_pool_size>
    </clickhouse>`,
  );
  return config;
}

class RunningNode implements ClickhouseNode {
  readonly #place: Place;
  readonly #config: string;
  #process: ChildProcess | null = null;

  constructor(place: Place, config: string) {
    this.#place = place;
    this.#config = config;
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  get httpPort(): number {
    return this.#place.http;
  }

  async start(): Promise<void> {
    const { folder, http, tcp } = this.#place;
    const args = ['test/clickhouse/serve.mjs', packages, join(folder, 'data'), String(http), String(tcp), this.#config];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk).slice(-2000);
    });
    this.#process = child;
    const deadline = Date.now() + 30_000;
    for (;;) {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`ClickHouse ended: ${said}`);
      const answer = await fetch(`http://127.0.0.1:${http}/ping`).catch(() => null);
      if (answer?.ok === true) return;
      if (Date.now() > deadline) throw new Error(`ClickHouse does not answer: ${said}`);
      await new Promise((done) => setTimeout(done, 25));
    }
  }

  async ask(sql: string, settings: Readonly<Record<string, string>> = {}): Promise<string> {
    const query = new URLSearchParams(settings);
    const answer = await fetch(`http://127.0.0.1:${this.#place.http}/?${query}`, { method: 'POST', body: sql });
    const text = await answer.text();
    if (!answer.ok) throw new Error(text);
    return text.trimEnd();
  }

  kill(): Promise<void> {
    return this.#end((child) => child.kill('SIGKILL'));
  }

  stop(): Promise<void> {
    return this.#end((child) => {
      child.stdin?.end();
      // Whatever still holds it, such as a query of a test that failed, is not waited for.
      setTimeout(() => child.kill('SIGKILL'), 3000).unref();
    });
  }

  async #end(how: (child: ChildProcess) => void): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((done) => child.once('exit', done));
    how(child);
    await gone;
  }
}

/** Starts servers with their data below `folder`. */
export async function startClickhouse(folder: string, count = 1): Promise<Cluster> {
  const places: Place[] = [];
  for (let i = 0; i < count; i++) {
    const place = { folder: join(folder, `node${i + 1}`), http: await freePort(), tcp: await freePort() };
    mkdirSync(place.folder, { recursive: true });
    places.push(place);
  }
  const nodes = places.map((place, i) => new RunningNode(place, writeConfig(i, places)));
  await Promise.all(nodes.map((node) => node.start()));
  const login = `${user}:${encodeURIComponent(password)}`;
  return {
    nodes,
    url: (database, options = '') =>
      `clickhouse://${login}@${places.map(({ http }) => `127.0.0.1:${http}`).join(',')}/${database}${options}`,
    stop: async () => {
      await Promise.all(nodes.map((node) => node.stop()));
    },
  };
}
