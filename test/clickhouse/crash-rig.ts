// Kills servers and sensors at random moments and drops answers, and counts what is there in the end: for the quick test
// and for the long bench.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { type Cluster, password, startClickhouse, user } from './servers.ts';

export interface CrashPlan {
  readonly folder: string;
  readonly serverKills: number;
  readonly sensorKills: number;
  /** Share of answers to inserts that never arrive. */
  readonly lostAnswers: number;
  readonly rowsPerBatch: number;
  /** Between batches. */
  readonly pauseMs: number;
  /** Between two kills, at the most. */
  readonly betweenMs: number;
}

export interface CrashReport {
  /** Batches that `write` had taken, and those in doubt because a kill came before its answer. */
  readonly taken: number;
  readonly inDoubt: number;
  readonly lostAnswers: number;
  /** Batches of which rows are missing, or there twice. */
  readonly lost: readonly number[];
  readonly doubled: readonly number[];
  readonly rows: number;
  /** Sums of flows, and what each rollup says of them. */
  readonly raw: string;
  readonly rolledUp: readonly string[];
  /** From a start of the sensor after a kill to its first batch, at the most. */
  readonly reopenMs: number;
}

/** Passes requests on, and drops the connection instead of some answers. */
async function losingProxy(port: number, share: number): Promise<{ server: Server; port: number; lost: () => number }> {
  let lost = 0;
  const server = createServer((asked, answer) => {
    const { method, url: path, headers } = asked;
    const onward = request({ host: '127.0.0.1', port, method, path, headers }, (got) => {
      if (path?.includes('insert_deduplication_token') && Math.random() < share) {
        lost++;
        got.resume();
        asked.socket.destroy();
        return;
      }
      answer.writeHead(got.statusCode ?? 502, got.headers);
      got.pipe(answer);
      got.on('error', () => asked.socket.destroy());
    });
    onward.on('error', () => asked.socket.destroy());
    asked.pipe(onward);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { server, port: address.port, lost: () => lost };
}

export async function bundleSensor(folder: string): Promise<string> {
  const outfile = join(folder, 'sensor-process.mjs');
  const options = { bundle: true, format: 'esm', platform: 'node', packages: 'external', logLevel: 'warning' } as const;
  await build({ entryPoints: ['test/clickhouse/sensor-process.ts'], outfile, ...options });
  return outfile;
}

/** The sensor, started again and again. */
class Sensor {
  readonly tried = new Set<number>();
  readonly done = new Set<number>();
  reopenMs = 0;
  left = '';
  readonly #argv: readonly string[];
  readonly #rest: readonly string[];
  #child: ChildProcess | null = null;

  constructor(argv: readonly string[], rest: readonly string[]) {
    this.#argv = argv;
    this.#rest = rest;
  }

  start(): void {
    const first = Math.max(0, ...this.tried) + 1;
    const began = performance.now();
    const args = [...this.#argv, String(first), ...this.#rest];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child = child;
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [word, text] = line.split(' ');
      if (word === 'left') this.left = text;
      if (word === 'try') this.tried.add(Number(text));
      if (word !== 'done') return;
      if (this.#child === child && Number(text) === first)
        this.reopenMs = Math.max(this.reopenMs, performance.now() - began);
      this.done.add(Number(text));
    });
  }

  /** Resolves once all it said is heard. */
  async end(how: 'kill' | 'finish'): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    this.#child = null;
    const gone = new Promise((done) => child.once('close', done));
    if (how === 'kill') child.kill('SIGKILL');
    else child.stdin?.end();
    await gone;
  }
}

const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Carries out a plan on one server. */
export async function crash(plan: CrashPlan): Promise<CrashReport> {
  mkdirSync(plan.folder, { recursive: true });
  const cluster = await startClickhouse(join(plan.folder, 'servers'));
  const [node] = cluster.nodes;
  const proxy = await losingProxy(node.httpPort, plan.lostAnswers);
  const login = `${user}:${encodeURIComponent(password)}`;
  const url = `clickhouse://${login}@127.0.0.1:${proxy.port}/net?every=1`;
  const script = await bundleSensor(plan.folder);
  const sensor = new Sensor(
    [script, url, 'sensor-1', join(plan.folder, 'spool')],
    [String(plan.rowsPerBatch), String(plan.pauseMs)],
  );
  try {
    sensor.start();
    await wait(1500);
    const kills = [...Array(plan.serverKills).fill('server'), ...Array(plan.sensorKills).fill('sensor')];
    for (let left = kills.length; left > 0; left--) {
      const [kind] = kills.splice(Math.floor(Math.random() * left), 1);
      await wait(plan.betweenMs * (0.2 + 0.8 * Math.random()));
      if (kind === 'server') {
        await node.kill();
        await wait(100);
        await node.start();
      } else {
        await sensor.end('kill');
        sensor.start();
      }
    }
    await wait(plan.betweenMs);
    await sensor.end('finish');
    if (sensor.left !== '0') throw new Error(`the sensor ended with rows in its spool: ${sensor.left}`);
    return {
      ...(await count(cluster, sensor, plan.rowsPerBatch)),
      lostAnswers: proxy.lost(),
      reopenMs: sensor.reopenMs,
    };
  } finally {
    await sensor.end('kill');
    proxy.server.close();
    proxy.server.closeAllConnections();
    await cluster.stop();
  }
}

async function count(
  cluster: Cluster,
  sensor: Sensor,
  rows: number,
): Promise<Omit<CrashReport, 'lostAnswers' | 'reopenMs'>> {
  const [node] = cluster.nodes;
  const text = await node.ask('SELECT run, count(), uniqExact(flow_id) FROM net.flows GROUP BY run');
  const found = new Map(
    text
      .split('\n')
      .map((line) => line.split('\t').map(Number) as [number, number, number])
      .map(([run, ...counts]) => [run, counts]),
  );
  const tried = [...sensor.tried];
  const sums = 'sum(bytes_fwd), sum(bytes_rev), sum(pkts)';
  const rolledUp = await Promise.all([
    node.ask(`SELECT sum(records), ${sums} FROM net.flows_1s`),
    node.ask(`SELECT sum(records), ${sums} FROM net.flows_1m`),
  ]);
  const rtt = await node.ask('SELECT (SELECT sum(count) FROM net.rtt_1m) - (SELECT count(rtt_us) FROM net.flows)');
  const inside = 'multiIf(direction = 0, 2, direction < 3, 1, 0)';
  const hosts = await node.ask(
    `SELECT (SELECT sum(pkts) FROM net.hosts_1m) - (SELECT sum((pkts_fwd + pkts_rev) * ${inside}) FROM net.flows)`,
  );
  if (rtt !== '0' || hosts !== '0') rolledUp.push(`rtt_1m differs by ${rtt}, hosts_1m by ${hosts}`);
  return {
    taken: sensor.done.size,
    inDoubt: tried.length - sensor.done.size,
    lost: [...sensor.done].filter((run) => (found.get(run)?.[1] ?? 0) < rows),
    // One in doubt is there as a whole or not at all.
    doubled: [...found].filter(([, [n, different]]) => n !== rows || different !== rows).map(([run]) => run),
    rows: [...found.values()].reduce((sum, [n]) => sum + n, 0),
    raw: await node.ask('SELECT count(), sum(bytes_fwd), sum(bytes_rev), sum(pkts_fwd + pkts_rev) FROM net.flows'),
    rolledUp,
  };
}
