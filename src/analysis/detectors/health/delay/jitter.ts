// Jitter and loss of audio and video: RTP's interarrival jitter and sequence numbers (RFC 3550 §6.4.1, A.3, A.8).

import type { AnyEvent, EventPlace } from '../../../../core/index.ts';
import { count, defineDetector, seconds, share } from '../../detector.ts';
import { betweenHosts, clientOf, communityAt, counted, percent, serverOf } from '../../wording.ts';
import { millis } from '../flow-words.ts';

/** A number of an event; 0 when it is missing. */
const numberOf = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);

export const jitter = defineDetector({
  name: 'perf.jitter',
  title: 'Audio or video with jitter or loss',
  version: 1,
  severity: 'info',
  mitre: null,
  meaning: 'Voices break up and pictures freeze when packets come unevenly or not at all.',
  benign: 'Receivers even out some tens of milliseconds; streams that pause on purpose look uneven.',
  next: 'See which part of the way is busy at that time, and whether voice has priority there.',
  options: {
    jitterSec: seconds(0.03, 'Interarrival jitter'),
    lossShare: share(0.01, 'Packets lost'),
    majorShare: share(0.05, 'Packets lost, low from'),
    packets: count(100, 'Packets at the least'),
  },
  open: ({ options, raise }) => ({
    events: {
      rtp(event: AnyEvent, place: EventPlace): void {
        const packets = numberOf(event.packets);
        if (packets < options.packets) return;
        const lost = numberOf(event.lost);
        const lossSeen = lost / (lost + packets);
        const jitterUs = numberOf(event.jitterUs);
        if (jitterUs < options.jitterSec * 1e6 && lossSeen < options.lossShare) return;
        const from = place.side === 0 ? clientOf(place) : serverOf(place);
        const to = place.side === 0 ? serverOf(place) : clientOf(place);
        const ssrc = numberOf(event.ssrc);
        raise({
          key: `${from} → ${to} ${ssrc}`,
          sources: [from],
          targets: [to],
          severity: lossSeen >= options.majorShare ? 'low' : 'info',
          observed: lossSeen >= options.lossShare ? lossSeen : jitterUs / 1e6,
          threshold: lossSeen >= options.lossShare ? options.lossShare : options.jitterSec,
          unit: lossSeen >= options.lossShare ? 'share of packets' : 'sec',
          count: packets,
          flows: [communityAt(place)],
          explain: `The stream of ${from} to ${to} has ${millis(jitterUs)} of jitter and lost ${counted(lost, 'packet')} of ${lost + packets} (${percent(lossSeen)}).`,
          filter: `${betweenHosts(from, to)} && rtp.ssrc == ${ssrc}`,
        });
      },
    },
  }),
});
