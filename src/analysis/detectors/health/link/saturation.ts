// Saturation: a link that is nearly full for long.

import type { VolumeSignal } from '../../../../core/index.ts';
import { count, defineDetector, seconds, share } from '../../detector.ts';
import { percent, span } from '../../wording.ts';
import { SecondsOfAll } from './seconds-of-all.ts';

export const saturation = defineDetector({
  name: 'perf.saturation',
  title: 'Link saturated',
  version: 1,
  severity: 'low',
  mitre: null,
  meaning: 'A link with no room left queues and drops: everything over it becomes slow.',
  benign: 'Backups and updates may fill a link at night on purpose.',
  next: 'See the top talkers; shape or move the largest, or use a faster link.',
  options: {
    linkMbps: count(0, 'Speed of the link in Mbit/s; 0: as the device says'),
    warnShare: share(0.7, 'Share of the link that is much'),
    warnSec: seconds(300, 'Time in a row that it is much'),
    majorShare: share(0.9, 'Share of the link that is nearly all'),
    majorSec: seconds(60, 'Time in a row that it is nearly all'),
  },
  open: ({ options, raise }) => {
    const run = { much: 0, most: 0, lastSec: -1, fromSec: 0, peakBps: 0, raised: 0 };
    const all = new SecondsOfAll((s) => {
      const speed = options.linkMbps > 0 ? options.linkMbps * 1e6 : s.speedBps;
      if (speed === 0) return;
      const seen = (s.bytes * 8) / speed;
      const follows = s.sec === run.lastSec + 1;
      run.lastSec = s.sec;
      run.much = seen >= options.warnShare ? (follows ? run.much : 0) + 1 : 0;
      run.most = seen >= options.majorShare ? (follows ? run.most : 0) + 1 : 0;
      if (run.much <= 1) {
        run.fromSec = s.sec;
        run.peakBps = 0;
        run.raised = 0;
      }
      run.peakBps = Math.max(run.peakBps, s.bytes * 8);
      const isMajor = run.most >= options.majorSec;
      if ((!isMajor && run.much < options.warnSec) || run.much < 2 * run.raised) return;
      run.raised = run.much;
      const limit = isMajor ? options.majorShare : options.warnShare;
      const lastedUs = run.much * 1e6;
      raise({
        key: 'link',
        sources: [],
        targets: [],
        severity: isMajor ? 'medium' : 'low',
        observed: seen,
        threshold: limit,
        unit: 'share of the link',
        firstUs: run.fromSec * 1e6,
        count: run.much,
        explain: `The link of ${megabits(speed)} has been ${percent(limit)} full or more for ${span(lastedUs)}, at the most ${megabits(run.peakBps)}.`,
        filter: `frame.time_epoch >= ${run.fromSec} && frame.time_epoch < ${s.sec + 1}`,
      });
    });
    return { volume: (s: VolumeSignal) => all.add(s), end: () => all.flush() };
  },
});

export const megabits = (bps: number): string =>
  bps >= 1e9 ? `${Number((bps / 1e9).toFixed(2))} Gbit/s` : `${Number((bps / 1e6).toFixed(1))} Mbit/s`;
