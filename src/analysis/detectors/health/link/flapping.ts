// Gaps like those of a carrier: a busy link falls silent for seconds and comes back, again and again.

import type { VolumeSignal } from '../../../../core/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { counted } from '../../wording.ts';
import { SecondsOfAll } from './seconds-of-all.ts';

export const flapping = defineDetector({
  name: 'perf.flapping',
  title: 'Link falls silent',
  version: 1,
  severity: 'info',
  mitre: null,
  meaning: 'A link that loses its carrier, renegotiates or is switched over goes dark for some seconds.',
  benign: 'A capture that was stopped and joined again, or one host whose transfers come in turns.',
  next: 'See the port’s error counters and duplex, and the log of the switch at these times.',
  options: {
    busyPackets: count(1000, 'Packets of a second that is busy'),
    busySec: seconds(10, 'Busy seconds in a row before and after'),
    gapSec: seconds(2, 'Silent time, at the least'),
    gaps: count(3, 'Such gaps'),
  },
  open: ({ options, raise }) => {
    const run = { busy: 0, lastSec: -1, gap: 0, gaps: 0, raised: 0 };
    const all = new SecondsOfAll((s) => {
      const isBusy = s.packets >= options.busyPackets;
      const silent = run.lastSec < 0 ? 0 : s.sec - run.lastSec - 1;
      run.lastSec = s.sec;
      // Longer than a minute is no flapping.
      if (silent >= options.gapSec && silent < 60 && run.busy >= options.busySec) {
        run.gap = silent;
        run.busy = 0;
      } else if (silent > 0) run.gap = 0;
      run.busy = isBusy ? run.busy + 1 : 0;
      if (run.busy < options.busySec || run.gap === 0) return;
      run.gaps++;
      const silence = run.gap;
      run.gap = 0;
      if (run.gaps < options.gaps || run.gaps < 2 * run.raised) return;
      run.raised = run.gaps;
      raise({
        key: 'link',
        sources: [],
        targets: [],
        observed: run.gaps,
        threshold: options.gaps,
        unit: 'gaps',
        count: run.gaps,
        explain: `The busy link fell silent ${counted(run.gaps, 'time')}, last for ${silence} s, and went on as before.`,
        filter: 'frame.time_delta > 1',
      });
    });
    return { volume: (s: VolumeSignal) => all.add(s), end: () => all.flush() };
  },
});
