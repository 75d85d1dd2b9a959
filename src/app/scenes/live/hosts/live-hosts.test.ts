// Proves that live hosts add up what flows count, keep to their bound, and take the best of the names that they are
// called by.

import { describe, expect, it } from 'vitest';
import { Flow, flowEnd, parseAddress } from '../../../../core/index.ts';
import { batchOfRows, FactBatches, names as namesTable, type Value } from '../../../../output/store/index.ts';
import type { Geo } from '../../geo/geo.ts';
import { LiveFlows } from '../flows/live-flows.ts';
import { LiveHosts } from './live-hosts.ts';
import { NameBook } from './name-book.ts';

const word = (ip: string): number => parseAddress(ip)?.words[0] ?? 0;

const geo: Geo = {
  look: (ip) => (ip.startsWith('93.') ? { country: 'US', lat: 1, lon: 2, asn: 64_500, organisation: 'Example' } : null),
};

function stage(bound = 100) {
  const book = new NameBook();
  let nowMs = 0;
  const hosts = new LiveHosts(bound, book, geo, () => (nowMs += 2000));
  const flows = new LiveFlows(1000, [], {
    interfaceName: () => '',
    counted: (slots, slot, added, isNew) => hosts.counted(slots, slot, added, isNew),
    nameOf: (slots, slot, end) => hosts.nameOf(slots, slot, end),
    locate: () => {},
  });
  let id = 0;
  const flow = (from: string, to: string, given: Partial<Flow> = {}): Flow => {
    const made = Object.assign(new Flow(), {
      id: ++id,
      proto: 6,
      o0: word(from),
      r0: word(to),
      firstUs: 1e6,
      lastUs: 2e6,
    });
    return Object.assign(made, given);
  };
  const row = (ip: string): Record<string, Value> => {
    const { columns, rows } = hosts.windows.window('', null, { from: 0, count: 200 });
    const found = rows.find((values) => values[0] === ip) ?? [];
    return Object.fromEntries(columns.map(({ name }, i) => [name, found[i]]));
  };
  const call = (ip: string, name: string, origin: string, count: number): void => {
    const values: Record<string, Value> = { run: 1, sensor: '', ip, name, origin, first_ts: 1, last_ts: 1, count };
    book.hear(batchOfRows(namesTable, [namesTable.columns.map((column) => values[column.name])]), (each) =>
      hosts.named(each),
    );
  };
  return { hosts, flows, flow, row, call };
}

describe('live hosts', () => {
  it('add up what flows count, each side its own', () => {
    const { flows, flow, row } = stage();
    const web = flow('10.0.0.5', '93.184.216.34', { app: 'tls', oBytes: 100, rBytes: 900, oPackets: 2, rPackets: 3 });
    flows.open(web);
    flows.open(Object.assign(web, { oBytes: 150, rBytes: 1000, lastUs: 3e6 }));
    flows.open(flow('10.0.0.5', '10.0.0.1', { app: 'dns', oBytes: 10_000 }));
    const facts = new FactBatches({ run: 1, sensor: '' });
    facts.flow(Object.assign(web, { oBytes: 200, end: flowEnd.fin }), '');
    flows.records(facts.take(1)[0]);
    expect(row('10.0.0.5')).toMatchObject({
      local: true,
      flows_out: 2,
      flows_in: 0,
      flows: 2,
      bytes_tx: 10_200,
      bytes_out: 10_200,
      bytes_rx: 1000,
      bytes_in: 1000,
      peers: 2,
      apps: ['dns', 'tls'],
      first_ts: 1e6,
      last_ts: 3e6,
      country: '',
    });
    expect(row('93.184.216.34')).toMatchObject({
      local: false,
      flows_in: 1,
      pkts_tx: 3,
      pkts_rx: 2,
      bytes_tx: 1000,
      bytes_rx: 200,
      country: 'US',
      asn: 'AS64500 Example',
    });
  });

  it('tell rates over about a second, and none when they are silent', () => {
    const { hosts, flows, flow, row } = stage();
    const web = flow('10.0.0.5', '93.184.216.34', { oBytes: 100 });
    flows.open(web);
    flows.open(Object.assign(web, { oBytes: 4100, rBytes: 2000, lastUs: 4e6 }));
    expect(row('10.0.0.5')).toMatchObject({ rate_out: 2000, rate_in: 1000 });
    expect(row('93.184.216.34')).toMatchObject({ rate_out: 1000, rate_in: 2000 });
    hosts.clock(8e6);
    expect(row('10.0.0.5')).toMatchObject({ rate_out: 0, rate_in: 0 });
  });

  it('keep to their bound: the quiet and small ones give way', () => {
    const { hosts, flows, flow, row } = stage(8);
    flows.open(flow('10.0.0.5', '93.184.216.34', { oBytes: 1e9 }));
    for (let i = 1; i <= 50; i++) flows.open(flow('10.0.0.5', `192.0.2.${i}`, { oBytes: 10, lastUs: 100e6 + i }));
    expect([hosts.kept, hosts.forgotten, hosts.capacity]).toEqual([8, 44, 8]);
    expect(row('10.0.0.5').bytes_tx).toBe(1e9 + 500);
    expect(row('192.0.2.50').bytes_rx).toBe(10);
  });

  it('are called by the best of their names: what a device says of itself before what others say', () => {
    const { flows, flow, row, call } = stage();
    flows.open(flow('10.0.0.5', '93.184.216.34'));
    call('10.0.0.5', 'host-5.example', 'dns', 50);
    expect(row('10.0.0.5').name).toBe('host-5.example');
    call('10.0.0.5', 'anna-laptop', 'dhcp', 1);
    expect(row('10.0.0.5')).toMatchObject({ name: 'anna-laptop', names: ['host-5.example', 'anna-laptop'] });
    call('93.184.216.34', 'cdn.example', 'dns', 9);
    call('93.184.216.34', 'www.example.com', 'tls', 1);
    const read = flows.columns.find(({ name }) => name === 'dst_name')?.read;
    expect(read?.(0)).toBe('www.example.com');
    for (let i = 0; i < 30; i++) call('10.0.0.5', `alias-${i}`, 'dns', 1);
    expect(row('10.0.0.5').name).toBe('anna-laptop');
    expect((row('10.0.0.5').names as string[]).length).toBe(10);
  });

  it('count the alerts that name them', () => {
    const { hosts, flows, flow, row } = stage();
    flows.open(flow('10.0.0.5', '93.184.216.34'));
    hosts.alerted(new Map([['10.0.0.5', 3]]));
    expect([row('10.0.0.5').alerts, row('93.184.216.34').alerts]).toEqual([3, 0]);
    hosts.alerted(new Map());
    expect(row('10.0.0.5').alerts).toBe(0);
  });
});
