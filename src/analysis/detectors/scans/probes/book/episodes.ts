// Scans under way: what one source does without a long pause is one alert, however many hosts and ports it goes through.

import { counted } from '../../../wording.ts';

/** One scan; bounded lists, numbers for the rest. */
export interface Episode {
  readonly key: string;
  readonly source: string;
  readonly firstUs: number;
  readonly firstPacket: number;
  /** What it goes through (hosts of a vertical scan, ports of a horizontal one), by their hash: the first ones. */
  readonly names: Map<number, string>;
  readonly packets: number[];
  readonly flows: string[];
  /** How many it went through, and the most that were tried in one. */
  passed: number;
  most: number;
  mostAnswered: number;
  mostRefused: number;
  mostOf: string;
  lastUs: number;
  /** The scan of the same source before this one, while it may still grow. */
  previous: Episode | null;
  /** What was told last. */
  toldPassed: number;
  toldMost: number;
}

/** Scans remembered; the one begun longest ago gives way. */
const most = 512;
const listed = 20;
/** A new target within this time belongs to the scan under way; after a pause of `pauseUs` even the same is a new scan. */
const joinUs = 300e6;
const pauseUs = 600e6;

export class Episodes {
  readonly #bySource = new Map<string, Episode>();
  readonly #keys = new Map<string, number>();

  get(source: string): Episode | undefined {
    return this.#bySource.get(source);
  }

  /** The scan of a source that a target was part of: the latest or the one before. */
  find(source: string, hash: number): Episode | undefined {
    const latest = this.#bySource.get(source);
    if (latest === undefined || latest.names.has(hash)) return latest;
    return latest.previous?.names.has(hash) ? latest.previous : undefined;
  }

  /** The scan that a target belongs to: the one under way, or a new one. `keyOf` names a new one. */
  enter(source: string, target: string, hash: number, at: Start, keyOf: (target: string) => string): Episode {
    const known = this.#bySource.get(source);
    if (known !== undefined) {
      const isSame = known.names.has(hash);
      const pause = at.timeUs - known.lastUs;
      if (isSame ? pause <= pauseUs : pause <= joinUs) {
        if (!isSame) {
          known.passed++;
          if (known.names.size < listed) known.names.set(hash, target);
        }
        known.lastUs = at.timeUs;
        return known;
      }
    }
    const episode = begin(this.#newKey(keyOf(target)), source, target, hash, at);
    if (known !== undefined) {
      episode.previous = known;
      known.previous = null;
    }
    this.#bySource.delete(source);
    if (this.#bySource.size >= most) this.#forgetOldest();
    this.#bySource.set(source, episode);
    return episode;
  }

  /** The same key after a long pause is a scan of its own. */
  #newKey(key: string): string {
    const times = (this.#keys.get(key) ?? 0) + 1;
    if (this.#keys.size >= most * 4) this.#keys.clear();
    this.#keys.set(key, times);
    return times === 1 ? key : `${key} (${times})`;
  }

  #forgetOldest(): void {
    for (const source of this.#bySource.keys()) {
      this.#bySource.delete(source);
      return;
    }
  }
}

interface Start {
  readonly timeUs: number;
  readonly firstUs: number;
  readonly firstPacket: number;
}

function begin(key: string, source: string, target: string, hash: number, at: Start): Episode {
  return {
    key,
    source,
    firstUs: at.firstUs,
    firstPacket: at.firstPacket,
    names: new Map([[hash, target]]),
    packets: [],
    flows: [],
    passed: 1,
    most: 0,
    mostAnswered: 0,
    mostRefused: 0,
    mostOf: target,
    lastUs: at.timeUs,
    previous: null,
    toldPassed: 0,
    toldMost: 0,
  };
}

/** Counts are exact up to here (DistinctPool). */
const exactMost = 48;

/** `15 ports`, `about 930 ports`. */
export const roughly = (n: number, thing: string): string => `${n > exactMost ? 'about ' : ''}${counted(n, thing)}`;

/** So long after its last try nothing more is told of a scan: its alert is closed. */
export const isPast = (episode: Episode, timeUs: number): boolean => timeUs - episode.lastUs > 3600e6;

/** Takes a count of one target; true when the scan has grown enough to be told (again). */
export function grow(episode: Episode, target: string, slot: Grown): boolean {
  if (slot.count > episode.most || target === episode.mostOf) {
    episode.most = Math.max(slot.count, episode.most);
    episode.mostAnswered = slot.answered;
    episode.mostRefused = slot.refused;
    episode.mostOf = target;
  }
  const isNews = episode.most >= episode.toldMost * 2 || episode.passed >= episode.toldPassed * 2;
  if (isNews) {
    episode.toldMost = episode.most;
    episode.toldPassed = episode.passed;
  }
  return isNews;
}

interface Grown {
  readonly count: number;
  readonly answered: number;
  readonly refused: number;
}
