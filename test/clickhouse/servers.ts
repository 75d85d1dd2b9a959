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
  /**
   * Starts nodes again that fell by themselves: `clickhouse local` ends when a connection of another node is reset, as
   * happens where a question fails because a third one is down. A server survives that.
   */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

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

/** A user with few rights, on the database `granted`; the password is the name. */
const grantedUser = (name: string, ...grants: string[]): string =>
  `<${name}><password>${name}</password><networks><ip>127.0.0.1</ip></networks><quota>default</quota>` +
  `<profile>${name === 'reader' ? 'careful' : 'default'}</profile>` +
  `<grants>${grants.map((grant) => `<query>${grant}</query>`).join('')}</grants></${name}>`;

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
    `<clickhouse><profiles><default/><careful><readonly>2</readonly></careful></profiles><users>
      <default><password></password>${rights}<access_management>1</access_management></default>
      <${user}><password>${escapeXml(password)}</password>${rights}</${user}>
      ${grantedUser('owner', 'GRANT ALL ON granted.*', 'GRANT TABLE ENGINE ON *')}
      ${grantedUser('writer', 'GRANT INSERT, SHOW COLUMNS ON granted.*')}
      ${grantedUser('reader', 'GRANT SELECT ON granted.*', 'GRANT SELECT ON system.parts')}
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
      await pause(25);
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

  /** Running and well, after a new start where it fell. */
  async settle(): Promise<void> {
    for (;;) {
      const child = this.#process;
      if (child === null) return; // killed by the test
      if (child.exitCode !== null || child.signalCode !== null) return this.start();
      // One that falls answers that it does, until it is gone.
      if (
        await this.ask('SELECT 1').then(
          () => true,
          () => false,
        )
      )
        return;
      await pause(50);
    }
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
    settle: async () => {
      await pause(300); // until a reset is noticed
      await Promise.all(nodes.map((node) => node.settle()));
    },
    stop: async () => {
      await Promise.all(nodes.map((node) => node.stop()));
    },
  };
}
