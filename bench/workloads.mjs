#!/usr/bin/env node
// Writes the capture files that are measured with. The same arguments give the same bytes, on every machine.
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { manySmall } from './make/many-small.mjs';
import { mix } from './make/mix.mjs';
import { createPcapFile } from './make/pcap-file.mjs';
import { real } from './make/real.mjs';
import { synFlood } from './make/syn-flood.mjs';

const usage = `usage: node bench/workloads.mjs w1|w2|w3|synflood [--out FILE] [--packets N] [--flows N] [--seed N] [--live]

  w1        many small: frames of 64 bytes, Zipf over the flows           (5000000 packets, 200000 flows)
  w2        mix: TCP with HTTP, TLS and SSH-like talk, DNS, NTP, …        (2000000 packets, 50000 flows)
  w3        real: the captures of the folder --from DIR, repeated         (1500000 packets)
  synflood  SYNs with forged sources, real connections among them         (1000000 packets, 1000 flows, --seconds 10)
            --scan: a slow port scan inside, a port each half second
  --live    only addresses of 127.0.0.0/8, for sending inside a namespace (synflood always)
  --out     default: scratch/<workload>.pcap`;

/** @type {Record<string, { packets: number, flows: number }>} */
const defaults = {
  w1: { packets: 5_000_000, flows: 200_000 },
  w2: { packets: 2_000_000, flows: 50_000 },
  w3: { packets: 1_500_000, flows: 0 },
  synflood: { packets: 1_000_000, flows: 1000 },
};

/**
 * @typedef {object} Wanted
 * @property {string} out path
 * @property {number} [packets]
 * @property {number} [flows]
 * @property {number} [seed]
 * @property {boolean} [live]
 * @property {number} [seconds] synflood: how long it lasts
 * @property {boolean} [scan] synflood: a slow port scan inside
 * @property {string} [from] w3: folder of captures
 */

/**
 * Writes one workload and says what it holds.
 *
 * @param {string} name @param {Wanted} wanted
 * @returns {{ packets: number, bytes: number }}
 */
export function writeWorkload(name, wanted) {
  const {
    packets = defaults[name].packets,
    flows = defaults[name].flows,
    seed = 1,
    live = false,
    seconds = 10,
    scan = false,
  } = wanted;
  mkdirSync(dirname(wanted.out), { recursive: true });
  const out = createPcapFile(wanted.out);
  if (name === 'w1') manySmall(out, { packets, flows, seed, live });
  else if (name === 'w2') mix(out, { packets, flows, seed, live });
  else if (name === 'synflood') synFlood(out, { packets, flows, seed, seconds, scan });
  else real(out, { packets, from: wanted.from ?? '' });
  return out.close();
}

if (process.argv[1] !== undefined && import.meta.filename === process.argv[1]) {
  const number = /** @type {const} */ ({ type: 'string' });
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      out: number,
      packets: number,
      flows: number,
      seed: number,
      seconds: number,
      from: number,
      live: { type: 'boolean' },
      scan: { type: 'boolean' },
    },
  });
  const name = positionals[0] ?? '';
  if (!(name in defaults) || (name === 'w3') !== (values.from !== undefined)) {
    console.error(usage);
    process.exit(2);
  }
  const asNumber = (/** @type {string | undefined} */ text) => (text === undefined ? undefined : Number(text));
  const out = values.out ?? `scratch/${name}.pcap`;
  /** @type {Wanted} */
  const wanted = { out };
  for (const key of /** @type {const} */ (['packets', 'flows', 'seed', 'seconds'])) {
    const value = asNumber(values[key]);
    if (value !== undefined) wanted[key] = value;
  }
  if (values.live) wanted.live = true;
  if (values.scan) wanted.scan = true;
  if (values.from !== undefined) wanted.from = values.from;
  const { packets, bytes } = writeWorkload(name, wanted);
  const mean = ((bytes - 24) / packets - 16).toFixed(1);
  console.log(`${out}: ${packets} packets, ${(bytes / 1e6).toFixed(1)} MB, mean frame ${mean} bytes`);
}
