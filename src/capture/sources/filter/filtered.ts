// A source behind a BPF filter: what is not accepted is taken out of each batch in place.
import {
  batchCapacity,
  Failure,
  type FrameBatch,
  linkType,
  linkTypeName,
  nothingYet,
  type Source,
  type SourceInterface,
} from '../../../core/index.ts';
import type { Annotations } from '../files/annotations.ts';
import { compileFilter, compileForeignLoopback, isBsdLoopback } from './bpf-compile.ts';
import { createMatcher } from './bpf-machine.ts';
import type { Matcher } from './bpf-program.ts';

export interface FilteredSource extends Source {
  /** Frames that passed; `stats().received` counts those before the filter. */
  readonly accepted: number;
  /** Number of each frame of the last batch in the unfiltered source, from 1: comments are found by it. */
  readonly packetNumbers: Float64Array;
  /** Interfaces on whose frames the filter has no meaning (`tcp` on USB), so that none passes; says why. */
  readonly unfilterable: readonly string[];
  /** Remarks of the files behind it; undefined of an interface. */
  readonly annotations: readonly Annotations[] | undefined;
}

/** Link types on which a filter is tried when a source does not know its interfaces yet. */
const usualLinkTypes = [linkType.ethernet, linkType.raw, linkType.ieee80211Radiotap];

/** A look that finds nothing lasts at least this long, also when the caller does not want to wait. */
const shortestLookMs = 2;

const nothingMatches: Matcher = () => 0;

/**
 * Puts a filter before a source. It is compiled once per link type, when the first frame of it comes.
 *
 * @throws Failure BAD_FILTER when the filter fits none of the interfaces known now (none known: none of the usual link
 *   types), LIBRARY_MISSING without libpcap. Later nothing is thrown for it: see `unfilterable`.
 */
export function filtered(source: Source, expression: string, snapLen = 0): FilteredSource {
  const compiled = new Map<number, Matcher | Failure>();
  const matchers: Matcher[] = [];
  const unfilterable: string[] = [];
  const packetNumbers = new Float64Array(batchCapacity);
  let seen = 0;
  let accepted = 0;

  const compile = (type: number): Matcher | Failure => {
    const matcher = compiled.get(type) ?? matcherOrFailure(expression, type, snapLen);
    compiled.set(type, matcher);
    return matcher;
  };
  requireMeaning(source.interfaces, compile);

  const addMatcher = (described: SourceInterface): void => {
    const matcher = compile(described.linkType);
    if (matcher instanceof Failure) {
      const name = described.name || `interface ${matchers.length}`;
      unfilterable.push(`${name} (${linkTypeName(described.linkType)}): ${matcher.message}`);
    }
    matchers.push(matcher instanceof Failure ? nothingMatches : matcher);
  };

  const keep = (batch: FrameBatch, count: number): number => {
    if (count <= 0) return count;
    const known = source.interfaces;
    while (matchers.length < known.length) addMatcher(known[matchers.length]);
    const before = seen;
    seen += count;
    const kept = filterBatch(batch, matchers, packetNumbers, before);
    accepted += kept;
    return kept;
  };
  const read = (batch: FrameBatch, waitMs: number): number | Promise<number> => {
    const until = performance.now() + Math.max(waitMs, shortestLookMs);
    for (;;) {
      const count = source.read(batch, waitMs);
      if (typeof count !== 'number') return count.then((later) => keep(batch, later));
      const kept = keep(batch, count);
      // A batch of which nothing is left is no reason to rest: there is more where it came from.
      if (kept !== 0 || count === nothingYet || performance.now() >= until) return kept;
    }
  };
  return {
    kind: source.kind,
    name: source.name,
    packetNumbers,
    unfilterable,
    get interfaces() {
      return source.interfaces;
    },
    get damage() {
      return source.damage;
    },
    get accepted() {
      return accepted;
    },
    get annotations() {
      return (source as { annotations?: readonly Annotations[] }).annotations;
    },
    read,
    stats: () => source.stats(),
    progress: () => source.progress(),
    close: () => source.close(),
  };
}

/**
 * Moves the accepted frames to the front of the batch's arrays and sets its count; the bytes stay where they are.
 *
 * @param matchers one per interface of the source.
 * @param packetNumbers receives each kept frame's number, counting from `before` + 1.
 * @returns how many were accepted.
 */
export function filterBatch(
  batch: FrameBatch,
  matchers: readonly Matcher[],
  packetNumbers: Float64Array,
  before: number,
): number {
  const { bytes, count, at, capLen, wireLen, timeUs, timeNs, iface } = batch;
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const matcher = matchers[iface[i]];
    if (matcher(bytes, at[i], capLen[i], wireLen[i]) === 0) continue;
    if (kept !== i) {
      at[kept] = at[i];
      capLen[kept] = capLen[i];
      wireLen[kept] = wireLen[i];
      timeUs[kept] = timeUs[i];
      timeNs[kept] = timeNs[i];
      iface[kept] = iface[i];
    }
    packetNumbers[kept] = before + i + 1;
    kept++;
  }
  batch.count = kept;
  return kept;
}

/** Makes the matcher of a filter for recorded frames of a link type. Throws Failure BAD_FILTER, LIBRARY_MISSING. */
export function matcherOf(expression: string, type: number, snapLen: number): Matcher {
  if (!isBsdLoopback(type)) return createMatcher(compileFilter(expression, type, snapLen));
  const little = createMatcher(compileForeignLoopback(expression, type, snapLen, false));
  const big = createMatcher(compileForeignLoopback(expression, type, snapLen, true));
  // Address families are small: two leading zeroes tell the byte order.
  return (bytes, at, capLen, wireLen) =>
    capLen > 1 && bytes[at] === 0 && bytes[at + 1] === 0
      ? big(bytes, at, capLen, wireLen)
      : little(bytes, at, capLen, wireLen);
}

function matcherOrFailure(expression: string, type: number, snapLen: number): Matcher | Failure {
  try {
    return matcherOf(expression, type, snapLen);
  } catch (cause) {
    // Other failures (no libpcap) hold for every link type and go to the caller.
    if (cause instanceof Failure && cause.code === 'BAD_FILTER') return cause;
    throw cause;
  }
}

/** Throws what is wrong with the first link type when the filter has a meaning on none. */
function requireMeaning(interfaces: readonly SourceInterface[], compile: (type: number) => Matcher | Failure): void {
  const types = interfaces.length > 0 ? interfaces.map((known) => known.linkType) : usualLinkTypes;
  let first: Failure | null = null;
  for (const type of new Set(types)) {
    const matcher = compile(type);
    if (!(matcher instanceof Failure)) return;
    first ??= matcher;
  }
  if (first !== null) throw first;
}
