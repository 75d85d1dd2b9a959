// Proves that the program survives hostile and foreign input: no crash, the right exit code, all packets before the damage.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { corpusFolder, hasCorpus, type Listed, type Reference, readManifest, readReferences } from './captures.ts';
import type { Summary } from './expectation.ts';

const main = process.env.TAPLIGHT_MAIN ?? fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const damaged = 14;
/** Milliseconds a run may take; the machine may be busy with the other tests. */
const longest = 5000;

/** Formats that are told by name and not read: they end as damaged input does, without a summary. */
const refused = new Set([
  'malformed/foreign-format/eth.erf.gz',
  'malformed/foreign-format/finger.netm.gz',
  'malformed/foreign-format/tcpshake.cap',
  'malformed/foreign-format/xx.cap',
  'malformed/pcapplusplus/bogus-content.txt',
]);

interface Ended {
  readonly code: number | string | null;
  readonly signal: string | null;
  readonly out: string;
  readonly err: string;
  readonly ms: number;
}

function summarize(path: string): Promise<Ended> {
  const started = performance.now();
  return new Promise((resolve) => {
    const args = [main, '-r', join(corpusFolder, path), '--summary', 'json'];
    const options = { timeout: 2 * longest, maxBuffer: 1 << 26 };
    execFile(process.execPath, args, options, (error, out, err) => {
      const { code = 0, signal = null } = error ?? {};
      resolve({ code: code ?? null, signal: signal ?? null, out, err, ms: performance.now() - started });
    });
  });
}

/** What is wrong with how a run ended; nothing when all is well. */
function objections(path: string, ended: Ended, reference: Reference | undefined): string[] {
  const { code, signal, out, err, ms } = ended;
  const wrong: string[] = [];
  if (signal !== null) wrong.push(`ended by ${signal}`);
  if (/^\s+at .*:\d+|node:internal|Uncaught|RangeError|TypeError/m.test(err)) wrong.push(`stack trace: ${err}`);
  if (ms > longest) wrong.push(`took ${Math.round(ms)} ms`);
  if (refused.has(path)) {
    if (code !== damaged || out !== '') wrong.push(`exit code ${code} and ${out.length} bytes of output`);
    if (err.trim().split('\n').length > 2) wrong.push(`more than two lines: ${err}`);
    return wrong;
  }
  const isRefusedByPeer = /network type \d+ unknown/.test(reference?.stderr ?? '');
  const packets = isRefusedByPeer ? reference?.own_parser_packets : reference?.packets;
  const isDamaged = reference?.exit_code === 2 && !isRefusedByPeer;
  if (!isRefusedByPeer && code !== (isDamaged ? damaged : 0)) wrong.push(`exit code ${code}, damaged ${isDamaged}`);
  try {
    const summary = JSON.parse(out) as Summary;
    if (summary.packets !== packets) wrong.push(`${summary.packets} packets, expected ${packets}`);
    if (summary.truncated_input !== (code === damaged)) wrong.push(`truncated_input with exit code ${code}`);
  } catch {
    wrong.push(`no JSON: ${out.slice(0, 80)} ${err.slice(0, 200)}`);
  }
  return wrong;
}

describe.skipIf(!hasCorpus || !existsSync(main))('malformed captures (needs a build and TAPLIGHT_CORPUS)', () => {
  it('end with the right code and with every packet before the damage', { timeout: 180_000 }, async () => {
    const references = readReferences();
    const waiting: Listed[] = readManifest().filter((one) => one.path.startsWith('malformed/'));
    expect(waiting.length).toBeGreaterThan(200);
    const wrong: string[] = [];
    const worker = async () => {
      for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
        const { path } = one;
        const ended = await summarize(path);
        wrong.push(...objections(path, ended, references.get(path)).map((text) => `${path}: ${text}`));
      }
    };
    await Promise.all([worker(), worker()]);
    expect(wrong).toEqual([]);
  });
});
