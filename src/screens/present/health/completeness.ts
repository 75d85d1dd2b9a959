// Is what is seen complete? One sentence at the top of Health, the same in the terminal, the browser and the report, with
// the reasons one by one.

import type { Snapshot } from '../../../core/index.ts';
import { counted, formatCount, formatPercent } from '../quantities.ts';

/** What the sentence is made from; a snapshot has all of it. */
export type CompletenessSigns = Pick<
  Snapshot,
  'packets' | 'received' | 'dropped' | 'problems' | 'stages' | 'flows' | 'detection' | 'tcp'
> & { readonly forgotten?: Readonly<Record<string, number>> };

export interface Reason {
  /** `lost`: packets or facts are missing. `unread`: something was seen and could not be understood in full. */
  readonly kind: 'lost' | 'unread';
  readonly text: string;
  /** What to do about it. */
  readonly advice: string;
}

export interface Completeness {
  readonly state: 'complete' | 'incomplete' | 'unknown';
  readonly sentence: string;
  /** The worst first. */
  readonly reasons: readonly Reason[];
}

/** Shares below it are told, and do not make a capture incomplete. */
const fewProblems = 0.001;

/** Sums of flow records alone, as a store has them: what a capture went through is not among them. */
export const isOfStore = ({ stages, flows }: Pick<CompletenessSigns, 'stages' | 'flows'>): boolean =>
  stages.length === 0 && flows.capacity === 0;

export function completeness(signs: CompletenessSigns): Completeness {
  if (signs.packets === 0) {
    return { state: 'unknown', sentence: 'No packet has been seen yet, so there is nothing to judge.', reasons: [] };
  }
  if (isOfStore(signs)) {
    const sentence = 'Not known: a store keeps flows, and not what was lost on the way to them.';
    return { state: 'unknown', sentence, reasons: [] };
  }
  const reasons = [...lostReasons(signs), ...innerReasons(signs), ...unreadReasons(signs)];
  const worst = reasons.find(({ kind }) => kind === 'lost');
  if (worst === undefined) {
    const rest = reasons.length === 0 ? '' : ` ${reasons[0].text}`;
    return {
      state: 'complete',
      sentence: `Complete: all of ${counted(signs.packets, 'packet')} that came here were read.${rest}`,
      reasons,
    };
  }
  const more = reasons.filter(({ kind }) => kind === 'lost').length - 1;
  const rest = more > 0 ? ` And ${counted(more, 'more reason')} below.` : '';
  return { state: 'incomplete', sentence: `Incomplete: ${lower(worst.text)}${rest}`, reasons };
}

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** Packets that never came here. */
function lostReasons({ packets, dropped, tcp }: CompletenessSigns): Reason[] {
  const reasons: Reason[] = [];
  const lost = (count: number, who: string, advice: string): void => {
    if (count === 0) return;
    const share = formatPercent(count, packets + count);
    reasons.push({ kind: 'lost', text: `${who} dropped ${counted(count, 'packet')}, ${share}.`, advice });
  };
  lost(
    dropped.kernel,
    'The kernel',
    'The machine is too slow for this traffic: give a larger --buffer, more --workers, or a capture filter.',
  );
  lost(
    dropped.interface,
    'The network card',
    'Its own queue was full: larger ring buffers of the card (ethtool -G) help, or less traffic.',
  );
  if (tcp.lostSegments > 0) {
    reasons.push({
      kind: 'lost',
      text: `${counted(tcp.lostSegments, 'TCP segment')} were acknowledged but never seen here.`,
      advice:
        'They took another way, or were lost before they could be captured: look at mirror ports and at the drops above.',
    });
  }
  return reasons;
}

/** What came here and was given up between stages. */
function innerReasons({ dropped, stages, flows, forgotten = {} }: CompletenessSigns): Reason[] {
  const reasons: Reason[] = [];
  if (dropped.queue > 0) {
    reasons.push({
      kind: 'lost',
      text: `${counted(dropped.queue, 'record')} were given up because an output was too slow.`,
      advice: 'Packets were counted all the same. Write less, or to a faster disk.',
    });
  }
  for (const stage of stages) {
    if (stage.dropped === 0 || /kernel|interface|queue/.test(stage.name)) continue;
    reasons.push({
      kind: 'lost',
      text: `The stage “${stage.name}” gave up ${formatCount(stage.dropped)} of ${formatCount(stage.in + stage.dropped)}.`,
      advice: 'It could not keep up. The row of the stage below says how full it is.',
    });
  }
  if (flows.evicted > 0) {
    reasons.push({
      kind: 'lost',
      text: `${counted(flows.evicted, 'flow')} were ended early because the table of flows was full.`,
      advice: 'Give a larger --max-flows.',
    });
  }
  const rows = Object.values(forgotten).reduce((sum, count) => sum + count, 0);
  if (rows > 0) {
    reasons.push({
      kind: 'unread',
      text: `${counted(rows, 'older row')} are no longer in the live tables.`,
      advice: 'Counters and charts have them. With --store all rows are kept.',
    });
  }
  return reasons;
}

/** What was seen and could not be understood in full. */
function unreadReasons({ packets, problems, detection }: CompletenessSigns): Reason[] {
  const reasons: Reason[] = [];
  const count = Object.values(problems).reduce((sum, each) => sum + each, 0);
  if (count > 0) {
    const many = count / packets > fewProblems ? ' Look at the problems by layer.' : '';
    reasons.push({
      kind: 'unread',
      text: `${counted(count, 'packet or message', 'packets or messages')} could not be read in full, ${formatPercent(count, packets)}.`,
      advice: `Damaged, cut or unknown contents; everything before the damage was read.${many}`,
    });
  }
  const refused = detection?.detectors.reduce((sum, { evictions, refusals }) => sum + evictions + refusals, 0) ?? 0;
  if (refused > 0) {
    reasons.push({
      kind: 'unread',
      text: `Detectors had no room for ${counted(refused, 'host or flow', 'hosts or flows')}.`,
      advice: 'Give them more with --detect-memory.',
    });
  }
  for (const fault of detection?.faults ?? []) {
    reasons.push({
      kind: 'unread',
      text: `The detector ${fault} failed and was switched off.`,
      advice: 'This is a fault of the program: please report it.',
    });
  }
  return reasons;
}
