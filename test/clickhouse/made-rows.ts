// Rows of flows and runs, made as cheaply as a test or a bench needs them.
import { type Batch, BatchBuilder, flows, runs } from '../../src/output/store/index.ts';

export interface MadeFlows {
  readonly run?: number;
  readonly sensor?: string;
  /** Number of the first flow. */
  readonly firstId?: number;
  /** End of the first flow; they end a millisecond apart. */
  readonly fromUs?: number;
}

const apps = ['tls', 'dns', 'http', 'quic', ''];
const names = Array.from({ length: 500 }, (_, i) => `host${i * 7}.cdn-${i % 13}.example.com`);

/** Different flows with sums that are easily told apart. */
export function flowBatch(rows: number, made: MadeFlows = {}): Batch {
  const { run = 1, sensor = 'a', firstId = 1, fromUs = Date.UTC(2026, 0, 15, 12) * 1000 } = made;
  const b = new BatchBuilder(flows, rows + 1);
  const c = {
    ...Object.fromEntries(
      flows.columns.filter(({ kind }) => kind !== 'word' && kind !== 'text').map(({ name }) => [name, b.fixed(name)]),
    ),
  } as Record<string, ReturnType<BatchBuilder['fixed']>>;
  const [sensors, app, state, host] = [b.word('sensor'), b.word('app'), b.word('state'), b.text('host')];
  for (let at = 0; at < rows; at++) {
    const id = firstId + at;
    c.run.setU64(at, run);
    sensors.set(at, sensor);
    c.flow_id.setU64(at, id);
    c.src_ip.setAddress(at, 4, 0x0a000000 | (id % 5000), 0, 0, 0);
    c.dst_ip.setAddress(at, 4, 0x17000000 | ((id * 2_654_435_761) % 60_000), 0, 0, 0);
    c.src_port.setU16(at, 1024 + (id % 60_000));
    c.dst_port.setU16(at, id % 3 === 0 ? 53 : 443);
    c.proto.setU8(at, id % 3 === 0 ? 17 : 6);
    c.part.setU16(at, id % 10 === 0 ? 1 : 0);
    c.start_ts.setU64(at, fromUs + at * 1000 - (id % 9000) * 100);
    c.end_ts.setU64(at, fromUs + at * 1000);
    c.duration_us.setU64(at, (id % 9000) * 100);
    c.direction.setU8(at, id % 4);
    c.pkts_fwd.setU64(at, 1 + (id % 50));
    c.pkts_rev.setU64(at, id % 40);
    c.bytes_fwd.setU64(at, 60 * (1 + (id % 50)) + (id % 601));
    c.bytes_rev.setU64(at, 60 * (id % 40) + (id % 1301));
    c.repeated_fwd.setU64(at, id % 20 === 0 ? id % 1460 : 0);
    if (id % 3 !== 0) c.rtt_us.setU32(at, 500 + ((id * 97) % 40_000));
    c.ttl.setU8(at, 64 - (id % 20));
    c.community.setHash(at, (id * 2_654_435_761) >>> 0, (id * 40_503) >>> 0);
    app.set(at, apps[id % 5]);
    state.set(at, id % 3 === 0 ? '' : 'closed');
    if (id % 5 !== 4) host.set(names[id % 500]);
    b.endRow();
  }
  return b.take();
}

export function runBatch(run: number, kind: 'live' | 'file', sensor = 'a'): Batch {
  const b = new BatchBuilder(runs);
  b.fixed('run').setU64(0, run);
  b.word('sensor').set(0, sensor);
  b.fixed('version').setU64(0, 1);
  b.word('kind').set(0, kind);
  b.word('state').set(0, 'done');
  b.fixed('began_ts').setU64(0, Date.now() * 1000);
  b.endRow();
  return b.take();
}
