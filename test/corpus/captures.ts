// The captures of the corpus with what peers say of each: sums, conversations, protocol hierarchy, TCP notes.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Where the corpus lies; tests skip when it is absent. */
export const corpusFolder = process.env.TAPLIGHT_CORPUS ?? join(process.cwd(), '../shared/corpus');
export const hasCorpus = existsSync(join(corpusFolder, 'manifest.json'));

/** A line of the manifest. */
export interface Listed {
  readonly path: string;
  readonly format: string | null;
  readonly packets: number | null;
  readonly tshark?: string;
}

/** A line of reference.jsonl: what TShark 4.0.17 counted. Times are seconds with nine decimals, as text. */
export interface Reference {
  readonly path: string;
  readonly packets: number;
  readonly bytes: number;
  readonly captured_bytes: number;
  readonly first_ts: string | null;
  readonly last_ts: string | null;
  readonly tcp_streams: number;
  readonly udp_streams: number;
  readonly tcp_analysis: Readonly<Record<string, number>>;
  readonly own_parser_packets?: number;
  readonly exit_code: number;
  readonly stderr?: string;
}

/** One row of TShark's protocol hierarchy: the protocols of a frame from outside in, and how many frames begin so. */
export interface Layers {
  readonly path: readonly string[];
  readonly frames: number;
  readonly bytes: number;
}

function readText(path: string): string {
  const bytes = readFileSync(path);
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

export function readManifest(): Listed[] {
  return JSON.parse(readFileSync(join(corpusFolder, 'manifest.json'), 'utf8')) as Listed[];
}

/** By path of the capture, relative to the corpus. */
export function readReferences(): Map<string, Reference> {
  const all = new Map<string, Reference>();
  for (const folder of readdirSync(corpusFolder)) {
    for (const name of ['reference.jsonl', 'reference.jsonl.gz']) {
      const path = join(corpusFolder, folder, 'expected/tshark', name);
      if (!existsSync(path)) continue;
      for (const line of readText(path).split('\n')) {
        if (line === '') continue;
        const one = JSON.parse(line) as Reference;
        all.set(one.path, one);
      }
    }
  }
  return all;
}

/** What a text file of the corpus holds: `-z io,phs`, `-z conv,tcp`, `-z conv,udp`. Of large captures it has none. */
export interface Tables {
  readonly hierarchy: readonly Layers[];
  /** Conversations in the tables; for UDP, pairs of endpoints, each once. */
  readonly tcp: number;
  readonly udp: number;
}

export function readTables(path: string): Tables {
  const text = readText(join(corpusFolder, path));
  return {
    hierarchy: hierarchyIn(text),
    tcp: conversationsIn(text, 'TCP').length,
    udp: new Set(conversationsIn(text, 'UDP')).size,
  };
}

/** Both endpoints of each row, in order, as one text. */
function conversationsIn(text: string, protocol: string): string[] {
  const from = text.indexOf(`${protocol} Conversations`);
  if (from < 0) return [];
  const table = text.slice(from, text.indexOf('=====', from));
  return [...table.matchAll(/^(\S+) +<-> (\S+) /gm)].map((match) => [match[1], match[2]].sort().join(' '));
}

function hierarchyIn(text: string): Layers[] {
  const from = text.indexOf('Protocol Hierarchy Statistics');
  const rows: Layers[] = [];
  const open: string[] = [];
  if (from < 0) return rows;
  for (const line of text.slice(from).split('\n')) {
    const match = /^( *)(\S+) +frames:(\d+) bytes:(\d+)/.exec(line);
    if (match === null) continue;
    open.length = match[1].length / 2;
    open.push(match[2]);
    rows.push({ path: [...open], frames: Number(match[3]), bytes: Number(match[4]) });
  }
  return rows;
}
