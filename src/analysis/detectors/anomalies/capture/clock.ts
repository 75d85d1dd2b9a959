// A capture whose clock goes back: files put together in the wrong order, or a clock that was set.

import { count, defineDetector } from '../../detector.ts';
import { counted, span } from '../../wording.ts';
import { captureQuality } from './quality.ts';

export const clock = defineDetector({
  name: 'capture.clock',
  title: 'Time runs backwards in the capture',
  version: 1,
  severity: 'info',
  mitre: null,
  meaning: 'What is counted per time is counted at the latest time seen: rates and pauses may be wrong.',
  benign: 'It says something of the capture, and of no host: files joined in the wrong order, a clock that was set.',
  next: 'Sort the packets by time (reordercap) and read them again.',
  options: { packets: count(1, 'Packets more than two seconds before one that came earlier') },
  open: (around) => {
    const { options, capture, raise } = around;
    captureQuality(around);
    let told = 0;
    const look = (): void => {
      const { late, latest } = capture;
      if (late < Math.max(1, options.packets) || late < told * 2) return;
      told = late;
      raise({
        key: 'capture',
        sources: [],
        targets: [],
        observed: late,
        threshold: options.packets,
        unit: 'packets',
        count: late,
        explain: `${counted(late, 'packet')} came up to ${span(latest)} before one that stands earlier in the capture.`,
        filter: 'frame.time_delta < -2',
      });
    };
    return { tick: look, end: look };
  },
});
