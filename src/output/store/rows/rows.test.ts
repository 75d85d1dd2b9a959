// Proves what rows are made of facts: flows with names and health, events of every field kind, names, alerts, runs.

import { describe, expect, it } from 'vitest';
import {
  type Alert,
  communityId,
  EventFact,
  type FactKind,
  Flow,
  flag,
  flowEnd,
  number,
  object,
  parseAddress,
  type Snapshot,
  text,
  texts,
} from '../../../core/index.ts';
import type { Batch } from '../batches/index.ts';
import { readBatch } from '../golden/read-batch.ts';
import { alerts, eventTable, flows, names, runs, sensors, type Table } from '../tables/index.ts';
import { FactBatches, type RunAbout, runBatch, SensorRows } from './index.ts';

const place = { run: 42, sensor: 's1' };

const tlsKind: FactKind = {
  name: 'tls',
  title: 'TLS',
  fields: {
    sni: text('Name'),
    ja4: text('Fingerprint'),
    alpns: texts('Protocols'),
    keyBits: number('Bits'),
    isResumed: flag('Resumed'),
    client: object('Client'),
    proto: text('A name that is taken'),
  },
};
const dnsKind: FactKind = { name: 'dns', title: 'DNS', fields: { query: text('Name'), results: texts('Answer') } };

function wordsOf(address: string): readonly number[] {
  const parsed = parseAddress(address);
  if (parsed === null) throw new Error(address);
  return parsed.words;
}

function flowOf(given: Partial<Flow> = {}): Flow {
  const flow = new Flow();
  flow.id = 9;
  flow.proto = 6;
  [flow.o0] = wordsOf('10.0.0.5');
  [flow.r0] = wordsOf('93.184.216.34');
  flow.oPort = 50_000;
  flow.rPort = 443;
  flow.firstUs = 1_700_000_000_000_000;
  flow.lastUs = 1_700_000_002_500_000;
  flow.end = flowEnd.fin;
  return Object.assign(flow, given);
}

function eventOf(kind: FactKind, values: object): EventFact {
  const fact = new EventFact();
  fact.kind = kind;
  fact.timeUs = 1_700_000_001_000_000;
  fact.flowId = 9;
  fact.proto = 6;
  fact.words.set(wordsOf('10.0.0.5'), 0);
  fact.words.set(wordsOf('93.184.216.34'), 4);
  fact.oPort = 50_000;
  fact.rPort = 443;
  fact.valuesJson = JSON.stringify(values);
  return fact;
}

function rowsOf(batches: readonly Batch[], table: Table) {
  return batches.filter((batch) => batch.table === table.name).flatMap((batch) => readBatch(batch, table));
}

describe('flows', () => {
  it('carry addresses, counters, times and what the conversation told', () => {
    const facts = new FactBatches(place);
    facts.event(eventOf(tlsKind, { sni: 'example.com', ja4: 't13d1516h2' }));
    const counts = { oPackets: 10, rPackets: 12, oBytes: 1000, rBytes: 9000, oPayloadBytes: 500, oSeqBytes: 400 };
    const health = { hasHealth: true, responses: 2, responseMeanUs: 7000, responseMostUs: 9000, verdict: 0 };
    facts.flow(flowOf({ ...counts, ...health, app: 'tls', handshakeRttUs: 1234, verdictPercent: 80 }), '');
    const [row] = rowsOf(facts.take(1), flows);
    expect(row).toMatchObject({
      run: 42,
      sensor: 's1',
      flow_id: 9,
      src_ip: '10.0.0.5',
      dst_ip: '93.184.216.34',
      dst_port: 443,
      direction: 1,
      pkts_rev: 12,
      bytes_rev: 9000,
      repeated_fwd: 100,
      duration_us: 2_500_000,
      host: 'example.com',
      ja4: 't13d1516h2',
      rtt_us: 1234,
      server_rtt_us: null,
      vlan: null,
      response_us: 7000,
      verdict: 'server',
      end_reason: 'fin',
    });
    const f = flowOf();
    const id = communityId(4, f.o0, 0, 0, 0, f.r0, 0, 0, 0, 6, f.oPort, f.rPort);
    expect(row.community).toBe(Buffer.from(id.slice(2), 'base64').subarray(0, 8).toString('hex'));
  });

  it('know how long a conversation of several records has lasted', () => {
    const facts = new FactBatches(place);
    facts.flow(flowOf({ end: flowEnd.activeTimeout, firstUs: 1_000_000, lastUs: 2_000_000 }), '');
    facts.flow(flowOf({ part: 1, end: flowEnd.activeTimeout, firstUs: 3_000_000, lastUs: 4_000_000 }), '');
    facts.flow(flowOf({ part: 2, firstUs: 5_000_000, lastUs: 6_000_000 }), '');
    facts.flow(flowOf({ id: 10, part: 1, firstUs: 5_000_000, lastUs: 6_000_000 }), '');
    expect(rowsOf(facts.take(1), flows).map((row) => row.duration_us)).toEqual([1e6, 3e6, 5e6, 1e6]);
  });

  it('tell inside from outside', () => {
    const facts = new FactBatches(place);
    const [inside, outside] = ['192.168.1.1', '8.8.8.8'].map((address) => wordsOf(address)[0]);
    for (const [o0, r0] of [
      [inside, inside],
      [inside, outside],
      [outside, inside],
      [outside, outside],
    ]) {
      facts.flow(flowOf({ o0, r0 }), '');
    }
    expect(rowsOf(facts.take(1), flows).map((row) => row.direction)).toEqual([0, 1, 2, 3]);
  });
});

describe('events', () => {
  it('become rows of their kind, and what is of another type than declared is left out', () => {
    const facts = new FactBatches(place);
    const values = { sni: 'a', alpns: ['h2', 3], keyBits: 2048, isResumed: false, client: { a: 1 }, proto: 'x' };
    facts.event(eventOf(tlsKind, values));
    facts.event(eventOf(tlsKind, { sni: 5, keyBits: 'many', alpns: 'h2', unknown: 1 }));
    const rows = rowsOf(facts.take(1), eventTable(tlsKind));
    expect(rows[0]).toMatchObject({
      sni: 'a',
      alpns: ['h2'],
      key_bits: 2048,
      is_resumed: false,
      client: '{"a":1}',
      proto: 6,
      proto_: 'x',
    });
    expect(rows[1]).toMatchObject({ sni: '', alpns: [], key_bits: null, is_resumed: null, client: '' });
  });

  it('keep a bounded part of what is very long', () => {
    const facts = new FactBatches(place);
    facts.event(eventOf(tlsKind, { sni: 'x'.repeat(100_000), client: { a: 'y'.repeat(100_000) } }));
    const [row] = rowsOf(facts.take(1), eventTable(tlsKind));
    expect(String(row.sni)).toHaveLength(8192);
    expect(row.client).toBe('');
  });

  it('name addresses, folded', () => {
    const facts = new FactBatches(place);
    const answer = { query: 'www.example.com', results: ['cdn.example.net', '93.184.216.34', '2606:2800::1'] };
    facts.event(eventOf(dnsKind, answer));
    facts.event(eventOf(dnsKind, answer));
    facts.event(eventOf(tlsKind, { sni: 'www.example.com' }));
    const rows = rowsOf(facts.take(1), names);
    expect(rows.map(({ ip, name, origin, count }) => [ip, name, origin, count])).toEqual([
      ['93.184.216.34', 'www.example.com', 'dns', 2],
      ['2606:2800::1', 'www.example.com', 'dns', 2],
      ['93.184.216.34', 'www.example.com', 'tls', 1],
    ]);
  });
});

const alertOf = (given: Partial<Alert>): Alert => ({
  id: 'abc',
  detector: 'scan.vertical',
  title: 'Scan',
  version: 1,
  severity: 'high',
  score: 100,
  confidence: 1,
  state: 'open',
  explainedBy: null,
  key: '10.0.0.1',
  sources: ['10.0.0.1'],
  targets: ['10.0.0.2', '10.0.0.3'],
  firstUs: 1,
  lastUs: 2,
  firstPacket: 1,
  packet: 2,
  lastPacket: 3,
  count: 4,
  observed: 5,
  threshold: 6,
  unit: 'ports',
  expected: null,
  explain: 'It scans.',
  against: '',
  meaning: '',
  benign: '',
  next: '',
  mitre: null,
  flows: ['1:x'],
  packets: [1, 2],
  filter: 'tcp',
  ...given,
});

describe('alerts', () => {
  it('are kept again when they have changed, and only then', () => {
    const facts = new FactBatches(place);
    facts.alert(alertOf({}));
    facts.alert(alertOf({ count: 9 }));
    const [row, ...more] = rowsOf(facts.take(7), alerts);
    expect(more).toEqual([]);
    expect(row).toMatchObject({
      alert_id: 'abc',
      version: 7,
      severity_rank: 3,
      count: 9,
      targets: ['10.0.0.2', '10.0.0.3'],
    });
    expect(JSON.parse(String(row.details))).toEqual(alertOf({ count: 9 }));
    facts.alert(alertOf({ count: 9 }));
    expect(facts.take(8)).toEqual([]);
    facts.alert(alertOf({ count: 9, state: 'closed' }));
    expect(rowsOf(facts.take(9), alerts)).toMatchObject([{ version: 9, state: 'closed' }]);
  });

  it('keep the state that a person has set', () => {
    const facts = new FactBatches(place);
    facts.setAlertState('abc', 'acknowledged');
    facts.alert(alertOf({ count: 99 }));
    expect(rowsOf(facts.take(1), alerts)).toMatchObject([{ state: 'acknowledged', count: 99 }]);
  });
});

describe('runs and sensors', () => {
  const about: RunAbout = {
    ...place,
    kind: 'live',
    source: 'eth0',
    hash: '',
    endsHash: '',
    beganUs: 5,
    program: '1.0',
  };
  const snapshot = {
    packets: 100,
    bytes: 1000,
    firstUs: 3,
    lastUs: null,
    alerts: [],
    dropped: { kernel: 1, interface: 2, queue: 3 },
    flows: { active: 4, total: 5 },
  } as unknown as Snapshot; // Only what is read here.

  it('tell state and counts', () => {
    expect(readBatch(runBatch(about, 'open', null, 1), runs)).toMatchObject([
      { run: 42, state: 'open', first_ts: null },
    ]);
    const [row] = readBatch(runBatch(about, 'done', snapshot, 2), runs);
    expect(row).toMatchObject({ state: 'done', first_ts: 3, last_ts: null, packets: 100 });
  });

  it('give rates since the row before', () => {
    const rows = new SensorRows(about);
    const state = { nowUs: 1e6, system: 'linux', memoryBytes: 1, cpuUs: 0, droppedRows: 7, spoolBytes: 0 };
    expect(readBatch(rows.make(snapshot, state), sensors)).toMatchObject([{ packets_per_sec: 0, dropped_store: 7 }]);
    const later = { ...snapshot, packets: 300, bytes: 5000 };
    const [row] = readBatch(rows.make(later, { ...state, nowUs: 3e6, cpuUs: 1e6 }), sensors);
    expect(row).toMatchObject({ packets_per_sec: 100, bits_per_sec: 16_000, cpu_percent: 50 });
  });
});
