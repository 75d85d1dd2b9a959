// From the command line to a scope: which time, which runs, which sensors, which filter.

import { Failure } from '../../../../core/index.ts';
import type { Scope } from '../../../../output/store/index.ts';
import type { Arguments, Settings } from '../../options/index.ts';
import { spanOfOption } from './time-words.ts';

/** What was captured live, files, all, or runs by number. Throws BAD_OPTION. */
export function runsOf(source: string | null): NonNullable<Scope['runs']> | null {
  if (source === null) return null;
  if (source === 'live' || source === 'files' || source === 'all') return source;
  const runs = source.split(',').map((word) => (/^\d{1,15}$/.test(word.trim()) ? Number(word) : Number.NaN));
  if (!runs.some(Number.isNaN)) return runs;
  const hint = 'Write live, files, all, or numbers that `taplight runs` lists, with commas between.';
  throw new Failure('BAD_OPTION', `--source: '${source}' is no source`, hint);
}

/** The scope that the options name, without a filter. Throws BAD_OPTION. */
export async function placeOf(settings: Settings, now: Date): Promise<Scope> {
  const { from, to, source, sensors } = settings;
  // Whole seconds: sums are kept by the second, and nobody means "2 hours ago" to the microsecond.
  const begin = from === null ? null : Math.floor((await spanOfOption('--from', from, now)).fromUs / 1e6) * 1e6;
  const end = to === null ? null : Math.ceil((await spanOfOption('--to', to, now)).toUs / 1e6) * 1e6;
  if (begin !== null && end !== null && end <= begin)
    throw new Failure('BAD_OPTION', '--to is not after --from', 'Exchange them, or leave one out.');
  const runs = runsOf(source);
  return {
    ...(begin === null ? {} : { fromUs: begin }),
    ...(end === null ? {} : { toUs: end }),
    ...(runs === null ? {} : { runs }),
    ...(sensors.length === 0 ? {} : { sensors }),
  };
}

/** The words of a filter as one text. */
export function filterOf(words: readonly string[], given: Arguments): string {
  return [...words, ...given.afterDashes].join(' ').trim();
}

/** `bytes:desc,src_ip`. Throws BAD_OPTION. */
export function sortOf(sort: string | null): { readonly column: string; readonly descending: boolean }[] {
  if (sort === null) return [];
  return sort.split(',').map((term) => {
    const [column, direction = 'asc', ...more] = term.trim().split(':');
    if (column === '' || more.length > 0 || !['asc', 'desc'].includes(direction))
      throw new Failure('BAD_OPTION', `--sort: '${term}' is no order`, 'Write it as bytes:desc,src_ip:asc.');
    return { column, descending: direction === 'desc' };
  });
}

/** Words with commas between. */
export function listOf(text: string): string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
