// Much data to one host outside within an hour (MITRE T1041, T1567): over a fixed limit, or far over what is usual here.

import type { FlowSignal } from '../../../core/index.ts';
import { bytes, count, defineDetector, seconds } from '../detector.ts';
import { betweenHosts, communityOf, span } from '../wording.ts';
import { hostsOf } from './hosts.ts';
import { sourceHoursOf } from './source-hours.ts';
import { sized, Upload, uploadMoments, usualUse } from './uploads.ts';

const SINCE = 0;
const SENT = 0;
const RAISED = 1;
const FIRST_US = 2;
const FIRST_PACKET = 3;

export const exfilVolume = defineDetector({
  name: 'exfil.volume',
  title: 'Much data sent out',
  version: 1,
  severity: 'high',
  mitre: 'T1041',
  meaning: 'Stolen data leaves at the end of an attack, often all at once.',
  benign: 'Backups, cloud storage, software builds, video meetings.',
  next: 'See what the host outside is, which program sent, and whether somebody meant it to.',
  options: {
    hourBytes: bytes(500e6, 'Bytes to one host within `windowSec`'),
    windowSec: seconds(3600, 'Window in which they are counted'),
    unusualBytes: bytes(50e6, 'Bytes from which what is unusual for the sender counts'),
    deviations: count(6, 'How many (robust) deviations over its usual hours are unusual'),
  },
  open: (around) => {
    const { options: at, now, network, table, raise } = around;
    const hours = sourceHoursOf(around);
    const upload = new Upload();
    // 1,024 pairs of hosts, 72 bytes each; the target stands as a hash.
    const pairs = table({ capacity: 1024, keyWords: 6, words: 1, doubles: 4, idleSec: 2 * at.windowSec });

    return {
      moments: uploadMoments,
      flow(s: FlowSignal): void {
        if (!upload.read(s, network)) return;
        const u = upload;
        hours.add(u, now.sec, s.id, s.timeUs);
        const row = pairs.claim(now.sec, u.version, u.s0, u.s1, u.s2, u.s3, u.targetHash);
        if (row < 0) return;
        const o = pairs.at(row);
        const d = row * pairs.doublesPerRow;
        const all = pairs.doubles;
        if (now.sec - pairs.words[o + SINCE] > at.windowSec) {
          pairs.words[o + SINCE] = now.sec;
          all[d + SENT] = all[d + RAISED] = 0;
          all[d + FIRST_US] = s.firstUs;
          all[d + FIRST_PACKET] = s.firstPacket;
        }
        all[d + SENT] += u.sent;
        const sent = all[d + SENT];
        pairs.setWorth(row, Math.min(0x7fffffff, sent / 1024));
        if (sent < Math.min(at.hourBytes, at.unusualBytes) || sent < 2 * all[d + RAISED]) return;
        const isMuch = sent >= at.hourBytes;
        const z = isMuch ? 0 : hours.deviation(u);
        if (!isMuch && !(z >= at.deviations)) return;
        all[d + RAISED] = sent;
        const { source, target } = hostsOf(u);
        const usual = usualUse(s.service);
        const what = isMuch
          ? `limit ${sized(at.hourBytes)}`
          : `${Math.min(99, Math.round(z))} deviations over its usual hours`;
        raise({
          key: `${source} → ${target}`,
          sources: [source],
          targets: [target],
          severity: isMuch && usual === '' ? 'high' : 'medium',
          confidence: usual === '' ? 0.8 : 0.4,
          observed: Math.round(sent),
          threshold: isMuch ? at.hourBytes : at.unusualBytes,
          unit: 'bytes',
          firstUs: all[d + FIRST_US],
          firstPacket: all[d + FIRST_PACKET],
          packets: [all[d + FIRST_PACKET]],
          explain: `${source} sent ${sized(sent)} to ${target} in ${span(now.timeUs - all[d + FIRST_US])}, ${what}.`,
          against: usual,
          flows: [communityOf(s)],
          filter: betweenHosts(source, target),
        });
      },
    };
  },
});
