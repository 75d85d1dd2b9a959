// Feeds damaged conversations to every protocol, and notes what throws, takes long, or keeps memory.

import { converse } from '../../src/analysis/protocols/golden/converse.ts';
import { type Protocol, protocols } from '../../src/analysis/protocols/index.ts';
import { createRandom, mutate } from './mutate.ts';
import type { Seed, SeedStep } from './seeds.ts';

/** Longest a message may take, milliseconds. */
export const messageLimitMs = 5;

export interface Finding {
  readonly protocol: string;
  readonly what: string;
  /** Gives the same conversation again: hexadecimal steps, `side:bytes`. */
  readonly steps: string;
}

export interface FuzzResult {
  messages: number;
  /** Longest message seen, milliseconds, confirmed by repetition. */
  slowestMs: number;
  slowestProtocol: string;
  readonly findings: Finding[];
  readonly perProtocol: Map<string, number>;
}

/** Runs until so many messages were given or the time is over. Same seed, same messages. */
export function fuzz(
  seeds: ReadonlyMap<string, readonly Seed[]>,
  messages: number,
  maxMs: number,
  seed = 1,
): FuzzResult {
  const random = createRandom(seed);
  const pool = [...seeds.values()].flat().filter(({ steps }) => steps.length > 0);
  const byProtocol = [...seeds]
    .map(([, list]) => list.filter(({ steps }) => steps.length > 0))
    .filter((list) => list.length > 0);
  const result: FuzzResult = { messages: 0, slowestMs: 0, slowestProtocol: '', findings: [], perProtocol: new Map() };
  const endMs = performance.now() + maxMs;
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];
  while (result.messages < messages && performance.now() < endMs && result.findings.length < 20) {
    // Each protocol as often as any other, however many conversations it has.
    const chosen = pick(pick(byProtocol));
    const other = pick(pick(pool).steps);
    const steps = chosen.steps.map((step) => (random() < 0.6 ? damaged(step, other, random) : step));
    run(chosen, steps, random() < 0.2 ? 1 + Math.floor(random() * 40) : 65_536, result);
  }
  return result;
}

function damaged(step: SeedStep, other: SeedStep, random: () => number): SeedStep {
  return {
    side: random() < 0.02 ? (step.side === 0 ? 1 : 0) : step.side,
    bytes: mutate(step.bytes, other.bytes, random),
  };
}

function run(seed: Seed, steps: readonly SeedStep[], pieces: number, result: FuzzResult): void {
  const { protocol } = seed;
  result.messages += steps.length;
  result.perProtocol.set(protocol.name, (result.perProtocol.get(protocol.name) ?? 0) + steps.length);
  let tookMs = timed(seed, steps, pieces, result);
  // The collector and the machine take their time, too: what is slow is slow again.
  for (let again = 0; again < 3 && tookMs > messageLimitMs; again++)
    tookMs = Math.min(tookMs, timed(seed, steps, pieces, null));
  if (tookMs <= result.slowestMs) return;
  result.slowestMs = tookMs;
  result.slowestProtocol = protocol.name;
  // A conversation of several messages may take as much as they may together.
  if (tookMs > messageLimitMs * Math.max(1, steps.length))
    note(result, protocol, `took ${tookMs.toFixed(1)} ms`, steps);
}

function timed(seed: Seed, steps: readonly SeedStep[], pieces: number, result: FuzzResult | null): number {
  const { protocol, proto, rPort } = seed;
  const from = performance.now();
  const heard = converse(registryFor(protocol), steps, { proto, rPort, pieces, open: true });
  const tookMs = performance.now() - from;
  if (result !== null) {
    for (const error of heard.threw)
      note(result, protocol, String(error instanceof Error ? error.stack : error), steps);
    if (heard.kept !== 0) note(result, protocol, `kept ${heard.kept} bytes`, steps);
  }
  return tookMs;
}

const registries = new Map<Protocol, readonly Protocol[]>();

/** The protocol and those it may hand over to or tell for it. */
export function registryFor(protocol: Protocol): readonly Protocol[] {
  const known = registries.get(protocol);
  if (known !== undefined) return known;
  const made = [protocol, ...protocols.filter(({ name, probe }) => name !== protocol.name && probe === undefined)];
  registries.set(protocol, made);
  return made;
}

function note(result: FuzzResult, protocol: Protocol, what: string, steps: readonly SeedStep[]): void {
  if (result.findings.some((one) => one.protocol === protocol.name && one.what.slice(0, 60) === what.slice(0, 60)))
    return;
  const text = steps.map(({ side, bytes }) => `${side}:${hex(bytes)}`).join(' ');
  result.findings.push({ protocol: protocol.name, what, steps: text });
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
