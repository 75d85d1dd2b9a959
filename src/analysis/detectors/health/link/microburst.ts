// Microbursts: milliseconds in which a link is full though the second looks quiet.

import type { VolumeSignal } from '../../../../core/index.ts';
import { count, defineDetector, share } from '../../detector.ts';
import { counted, percent } from '../../wording.ts';
import { megabits } from './saturation.ts';
import { SecondsOfAll } from './seconds-of-all.ts';

const windowSec = 60;

export const microburst = defineDetector({
  name: 'perf.microburst',
  title: 'Microbursts',
  version: 1,
  severity: 'info',
  mitre: null,
  meaning: 'Short bursts overflow the queues of switches: packets are lost though no graph shows a full link.',
  benign: 'Every fast sender begins with a burst; switches with deep buffers take them.',
  next: 'Look for loss and latency at the same times; see who sends in bursts, and whether pacing helps.',
  options: {
    linkMbps: count(0, 'Speed of the link in Mbit/s; 0: as the device says'),
    fullShare: share(0.8, 'Share of the link that 10 ms have to fill'),
    factor: count(10, 'Times the average of that second'),
    perMinute: count(5, 'Seconds with such a burst within a minute'),
  },
  open: ({ options, raise }) => {
    const seen = new Float64Array(windowSec).fill(-1);
    let raised = 0;
    let total = 0;
    const all = new SecondsOfAll((s) => {
      const speed = options.linkMbps > 0 ? options.linkMbps * 1e6 : s.speedBps;
      if (speed === 0) return;
      const peakBps = s.peak10Bytes * 800;
      if (peakBps < options.fullShare * speed || s.peak10Bytes * 100 < options.factor * s.bytes) return;
      seen[s.sec % windowSec] = s.sec;
      total++;
      let now = 0;
      for (const sec of seen) if (sec >= 0 && s.sec - sec < windowSec) now++;
      if (now < options.perMinute || total < 2 * raised) return;
      raised = total;
      raise({
        key: 'link',
        sources: [],
        targets: [],
        observed: peakBps / speed,
        threshold: options.fullShare,
        unit: 'share of the link',
        count: total,
        explain: `${counted(now, 'second')} of the last minute had 10 ms that filled the link of ${megabits(speed)}: ${percent(peakBps / speed)} in the last one (${megabits(s.peak1Bytes * 8000)} in its fullest millisecond), while the second as a whole carried ${megabits(s.bytes * 8)}.`,
        filter: `frame.time_epoch >= ${s.sec} && frame.time_epoch < ${s.sec + 1}`,
      });
    });
    return { volume: (s: VolumeSignal) => all.add(s), end: () => all.flush() };
  },
});
