// The captures of the corpus, sorted into attacks with what is to be found in them, and all others.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { byClass, byWord, silence } from './answers.mjs';
import { notBenign } from './not-benign.mjs';

/**
 * @typedef {object} Wanted
 * @property {string} why class or word of the label
 * @property {string[][]} anyOf for each thing to be found, the detectors that answer it
 * @property {number} latest packet by which the first has to be found; Infinity when nothing is said
 * @property {string[]} silent detectors that must say nothing at medium or above
 */

/**
 * @typedef {object} Capture
 * @property {string} path relative to the corpus
 * @property {number} packets
 * @property {Wanted | null} wanted null: not labelled
 * @property {boolean} isBenign counts for false alarms
 */

/** @param {string} text @returns {Record<string, string>[]} */
function parseCsv(text) {
  const [head, ...lines] = text.trim().split('\n').map(cells);
  return lines.map((line) => Object.fromEntries(head.map((name, i) => [name, line[i] ?? ''])));
}

/** @param {string} line */
function cells(line) {
  const found = line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g);
  return [...found].map(([, quoted, plain]) => (quoted ?? plain ?? '').replaceAll('""', '"').trim());
}

/** All captures of a corpus. @param {string} folder @returns {Capture[]} */
export function readCaptures(folder) {
  /** @type {{ path: string, packets: number | null, kind: string }[]} */
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  /** @type {{ path: string, class?: string, negative_control?: boolean }[]} */
  const labels = JSON.parse(readFileSync(join(folder, 'labels.json'), 'utf8'));
  const rows = parseCsv(readFileSync(join(folder, 'bench/labels.csv'), 'utf8'));
  const packets = new Map(manifest.map((each) => [each.path, each.packets ?? 0]));
  for (const row of rows) packets.set(row.path, Number(row.packets));
  const classes = new Map(labels.map((label) => [label.path, label]));
  const words = new Map(rows.map((row) => [row.path, row]));
  const attacks = new Set(
    manifest.filter(({ kind }) => kind === 'attack' || kind.startsWith('malformed')).map(({ path }) => path),
  );
  return [...packets].map(([path, count]) => {
    const label = classes.get(path);
    const row = words.get(path);
    const wanted = wantedOf(label, row);
    const isControl = label?.negative_control === true || wanted?.silent.includes('*') === true;
    const isLabelled = label !== undefined && label.negative_control !== true && label.class !== 'arp_storm';
    const isAttack = (attacks.has(path) || isLabelled || (wanted?.anyOf.length ?? 0) > 0) && !isControl;
    return { path, packets: count, wanted, isBenign: !isAttack && notBenign[path] === undefined };
  });
}

/**
 * @param {{ class?: string, negative_control?: boolean } | undefined} label
 * @param {Record<string, string> | undefined} row
 * @returns {Wanted | null}
 */
function wantedOf(label, row) {
  const word = row?.must_detect ?? '';
  const silent = silence[word] ?? (label?.negative_control ? ['*'] : []);
  if (word !== '') {
    const answers = byWord[word] ?? [];
    // Several things in one capture, each to be found.
    const anyOf =
      word.includes(';') && silent.length === 0 ? answers.map((name) => [name]) : answers.length > 0 ? [answers] : [];
    return { why: word, anyOf, latest: Number(row?.latest_packet_goal || Infinity), silent };
  }
  if (label?.class === undefined)
    return silent.length > 0 ? { why: 'negative control', anyOf: [], latest: Infinity, silent } : null;
  const answers = label.negative_control ? [] : (byClass[label.class] ?? []);
  return { why: label.class, anyOf: answers.length > 0 ? [answers] : [], latest: Infinity, silent };
}
