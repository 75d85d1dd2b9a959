// What the detectors find in the labelled captures of the corpus, and what they cry about in all others.
//
//   node bench/detect.mjs [--only PREFIX] [--captures TEXT] [--list] [--corpus DIR] [--json FILE]
//
//   --only      alerts of these detectors only        --list   every alert on captures that hold no attack
//   --captures  captures whose path holds this text   --json   all alerts of all captures, for other programs
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { allowed, excused, fits } from './detect/answers.mjs';
import { readCaptures } from './detect/captures.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values: given } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    captures: { type: 'string', default: '' },
    list: { type: 'boolean', default: false },
    corpus: { type: 'string', default: process.env.TAPLIGHT_CORPUS ?? join(root, '../shared/corpus') },
    json: { type: 'string' },
  },
});
process.env.TAPLIGHT_CORPUS = given.corpus;

/** The analysis in this process, bundled as the program is. */
async function loadAnalysis() {
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'detect-'));
  const outfile = join(folder, 'analyse.mjs');
  await build({
    stdin: {
      contents: `export { analyse } from './test/corpus/analyse.ts'; export { defaultDetect } from './src/app/pipeline/options.ts'; export { detectors } from './src/analysis/detectors/index.ts';`,
      resolveDir: root,
    },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    absWorkingDir: root,
    // Packages are found beside the bundle.
    packages: 'external',
    logLevel: 'warning',
  });
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const { analyse, defaultDetect, detectors } = await loadAnalysis();

/** Seconds in which something came: gaps of more than a minute do not count. */
function activeTime() {
  let sec = 0;
  let last = Number.NaN;
  return {
    /** @param {{ timeUs: Float64Array }} batch @param {number} count */
    see: (batch, count) => {
      for (let i = 0; i < count; i++) {
        const step = (batch.timeUs[i] - last) / 1e6;
        if (step > 0 && step <= 60) sec += step;
        last = batch.timeUs[i];
      }
    },
    get sec() {
      return sec;
    },
  };
}

const atLeastMedium = new Set(['medium', 'high', 'severe', 'critical']);
const atLeastHigh = new Set(['high', 'severe', 'critical']);

/** @type {{ path: string, isBenign: boolean, wanted: import('./detect/captures.mjs').Wanted | null, sec: number, packets: number, alerts: any[] }[]} */
const results = [];
const captures = readCaptures(given.corpus).filter(({ path }) => path.includes(given.captures));
for (const { path, packets, wanted, isBenign } of captures) {
  const time = activeTime();
  try {
    const { snapshot, engine } = await analyse(path, packets, { detect: defaultDetect, frames: time.see });
    for (const { detector, fault } of engine.detection.detection.faults())
      console.log(`FAULT ${path} ${detector}: ${fault}`);
    const alerts = snapshot.alerts.filter((/** @type {any} */ alert) => alert.detector.startsWith(given.only));
    results.push({ path, isBenign, wanted, sec: time.sec, packets: snapshot.packets, alerts });
  } catch (error) {
    // What is no capture at all is another bench's business.
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
}
if (given.json !== undefined) writeFileSync(given.json, JSON.stringify(results));

/** @type {Map<string, { hits: number, captures: number, falseAlarms: number }>} */
const perDetector = new Map();
/** @param {string} name */
const row = (name) => {
  const known = perDetector.get(name) ?? { hits: 0, captures: 0, falseAlarms: 0 };
  perDetector.set(name, known);
  return known;
};

console.log('| capture | to be found | found | packet (goal) | alerts ≥ medium | |\n|---|---|---|---|---|---|');
let met = 0;
let asked = 0;
let tooLate = 0;
let tooMany = 0;
let toFind = 0;
let foundLoud = 0;
let excusedCount = 0;
for (const { path, wanted, alerts } of results) {
  if (wanted === null || (wanted.anyOf.length === 0 && wanted.silent.length === 0)) continue;
  const loud = alerts.filter((alert) => atLeastMedium.has(alert.severity));
  // What another alert explains is shown below that one, not by itself.
  const shown = loud.filter((alert) => alert.explainedBy === null);
  const answers = wanted.anyOf.map((patterns) =>
    alerts.filter((alert) => patterns.some((pattern) => fits(alert.detector, pattern))),
  );
  const missing = wanted.anyOf.filter((_, i) => answers[i].length === 0);
  const first = Math.min(...answers.flat().map((alert) => alert.packet));
  const broken = loud.filter((alert) => wanted.silent.some((pattern) => fits(alert.detector, pattern)));
  const isToFind = wanted.anyOf.length > 0;
  const isLate = isToFind && missing.length === 0 && first > wanted.latest;
  const isMet = missing.length === 0 && broken.length === 0;
  const excuse = isMet ? undefined : excused[path];
  if (excuse === undefined) {
    asked++;
    if (isToFind) toFind++;
    if (isToFind && answers.every((some) => some.some((alert) => atLeastMedium.has(alert.severity)))) foundLoud++;
  } else excusedCount++;
  if (isMet) met++;
  if (isLate) tooLate++;
  if (shown.length > 3 && wanted.anyOf.length === 1) tooMany++;
  for (const alert of new Set(answers.flat().map(({ detector }) => detector))) row(alert).hits++;
  const names = [
    ...new Set(
      alerts.map((alert) => `${alert.detector}${atLeastMedium.has(alert.severity) ? '' : ` (${alert.severity})`}`),
    ),
  ];
  const goal = wanted.latest === Infinity ? '' : ` (${wanted.latest})`;
  const failed = broken.length > 0 ? 'NOT SILENT' : excuse === undefined ? 'MISSED' : `excused: ${excuse}`;
  const verdict = isMet ? (isLate ? 'late' : '') : failed;
  console.log(
    `| ${path} | ${wanted.why} | ${names.join(', ') || '—'} | ${Number.isFinite(first) ? first : '—'}${goal} | ${shown.length} | ${verdict} |`,
  );
}

const benign = results.filter(({ isBenign }) => isBenign);
const hours = benign.reduce((sum, { sec }) => sum + sec, 0) / 3600;
const packets = benign.reduce((sum, each) => sum + each.packets, 0);
const cries = benign.flatMap(({ path, wanted, alerts }) =>
  alerts
    .filter(({ detector }) => !(allowed[wanted?.why ?? ''] ?? []).some((pattern) => fits(detector, pattern)))
    .map((alert) => ({ path, ...alert })),
);
console.log(
  `\nlabelled: ${met} of ${asked} as asked, ${tooLate} late, ${tooMany} with more than 3 alerts, ${excusedCount} excused`,
);
console.log(`  to be found: ${toFind}, all of it at medium or above in ${foundLoud}`);
console.log(`no attack: ${benign.length} captures, ${packets} packets, ${hours.toFixed(1)} h of traffic`);
for (const [name, isSuch] of /** @type {const} */ ([
  ['high and above', (/** @type {string} */ s) => atLeastHigh.has(s)],
  ['medium and above', (/** @type {string} */ s) => atLeastMedium.has(s)],
  ['low and above', (/** @type {string} */ s) => s !== 'info'],
])) {
  const some = cries.filter(({ severity }) => isSuch(severity));
  console.log(`  ${name}: ${some.length} alerts, ${(some.length / hours).toFixed(2)} an hour`);
}
for (const alert of cries) if (atLeastMedium.has(alert.severity)) row(alert.detector).falseAlarms++;
for (const { name } of detectors) row(name).captures += 0;
console.log(
  '\n| detector | labelled captures it answers | false alarms ≥ medium | all alerts without attack |\n|---|---|---|---|',
);
for (const [name, { hits, falseAlarms }] of [...perDetector].sort(([a], [b]) => a.localeCompare(b))) {
  const all = cries.filter(({ detector }) => detector === name).length;
  if (hits + falseAlarms + all > 0) console.log(`| ${name} | ${hits} | ${falseAlarms} | ${all} |`);
}
if (given.list) {
  console.log('');
  for (const { path, detector, severity, packet, explain } of cries)
    console.log(`${severity.padEnd(8)} ${detector.padEnd(22)} ${path} #${packet}: ${explain}`);
}
