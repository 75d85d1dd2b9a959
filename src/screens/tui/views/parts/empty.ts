// What stands where there are no rows: what is going on, and what to do about it.

import { counted, wrap } from '../../../present/index.ts';
import { nothing, type Spans, span } from '../../frame/lines.ts';
import type { Known, Place } from '../../frame/view.ts';

const where = ({ about }: Known): string => about.names.join(', ') || about.id;

/** Sentences as rows, with room around them. */
export function told(sentences: readonly string[], cells: number): Spans[] {
  const lines = sentences.flatMap((each, i) =>
    wrap(each, Math.max(10, Math.min(cells - 4, 96))).map(
      (line): Spans => [span('   '), span(line, i === 0 ? 'text' : 'muted')],
    ),
  );
  return [nothing, ...lines];
}

/** Before the first packet, or where nothing was found. @param noun of what the list is of: `flow`, `host`, `alert` */
export function emptyRows(known: Known, place: Place, noun: string, isAnswered: boolean, cells: number): Spans[] {
  return told(emptyWords(known, place, noun, isAnswered), cells);
}

function emptyWords(known: Known, place: Place, noun: string, isAnswered: boolean): string[] {
  const { snapshot, pulse, trouble } = known;
  if (trouble !== null) return [`This could not be had: ${trouble}`, 'It is asked again as soon as anything changes.'];
  if (place.filter.trim() !== '' && isAnswered)
    return [`No ${noun} fits the filter  ${place.filter.trim()}`, 'Esc clears it, / changes it.'];
  const packets = pulse?.packets ?? snapshot?.packets ?? 0;
  if (packets === 0) return waiting(known);
  if (!isAnswered) return [`Looking for ${noun}s…`];
  if (noun === 'alert') {
    const detectors = snapshot?.detection?.detectors.length ?? 0;
    if (snapshot !== null && snapshot.detection === null)
      return ['Nothing is watched for: detectors are switched off.', 'Start without --no-detect to be warned.'];
    return [
      `No alerts: ${counted(detectors, 'detector is', 'detectors are')} watching.`,
      'That nothing was noticed does not prove that nothing happened: 8 says how complete the picture is.',
    ];
  }
  return [`No ${noun}s yet: ${counted(packets, 'packet')} so far.`];
}

/** Before the first packet. */
export function waiting(known: Known): string[] {
  if (known.trouble !== null) return [`This could not be had: ${known.trouble}`];
  if (known.about.kind === 'store' && known.snapshot === null) return [`Looking into ${where(known)}…`];
  if (known.snapshot !== null && known.about.kind === 'store')
    return ['Nothing is kept of this time.', '[ and ] go back and on, - and + show more and less.'];
  if (known.snapshot?.state === 'failed') return [`Reading ${where(known)} has failed.`];
  if (known.snapshot?.state === 'done') return [`${where(known)} has no packets.`];
  if (known.about.kind === 'file') return [`Reading ${where(known)}…`];
  if (known.about.kind === 'demo') return ['The demo begins…'];
  return [
    `Waiting for the first packet on ${where(known)}.`,
    'Is it the right interface? Try a ping, or choose another one: taplight -D lists them.',
  ];
}
