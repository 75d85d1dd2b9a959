// What could not be read of conversations, as sentences: bounds that were reached, and parsers that failed.

import { type Talks, talkBytes, talkLimit } from '../../../analysis/talks/index.ts';
import type { Finding } from '../../../core/index.ts';

/** Nothing when every conversation was read to its end. */
export function talkFindings({ bounds, faults }: Pick<Talks, 'bounds' | 'faults'>): Finding[] {
  const found: Finding[] = [];
  const unread = bounds.talks + bounds.total;
  if (unread > 0) {
    found.push({
      code: 'talks-full',
      severity: 'info',
      text: `${unread} conversations were not read to their end: ${talkLimit} at one time and ${talkBytes >> 20} MiB together are the bound.`,
      advice: 'Usual under a flood of connections; else add a filter, or use --workers 2.',
    });
  }
  if (bounds.hurried > 0) {
    found.push({
      code: 'talks-hurried',
      severity: 'warning',
      text: `${bounds.hurried} first payloads of flows were counted but not read, because packets came faster than they could be read.`,
      advice: 'Names and events of these flows may be missing. Add a filter, or use --workers 2.',
    });
  }
  if (faults.size > 0) {
    found.push({
      code: 'parser-fault',
      severity: 'warning',
      text: `The parser of ${[...faults.keys()].sort().join(', ')} failed, and was switched off for the flows concerned.`,
      advice: 'This is a fault in taplight: please report it, best with the capture.',
    });
  }
  return found;
}
