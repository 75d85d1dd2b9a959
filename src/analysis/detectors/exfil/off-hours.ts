// A host sends far more than usual at an hour of the week when it is quiet (MITRE T1029).

import type { FlowSignal } from '../../../core/index.ts';
import { bytes, count, defineDetector, share } from '../detector.ts';
import { communityOf, fromHost } from '../wording.ts';
import { hostsOf } from './hosts.ts';
import { sourceHoursOf } from './source-hours.ts';
import { sized, Upload, uploadMoments, usualUse } from './uploads.ts';

const hourSec = 3600;
const HOUR = 0;

export const exfilOffHours = defineDetector({
  name: 'exfil.off-hours',
  title: 'Data sent out at a quiet hour',
  version: 1,
  severity: 'low',
  mitre: 'T1029',
  meaning: 'Who steals data sends it when nobody looks.',
  benign: 'New backup jobs, updates that moved, people who work late for once.',
  next: 'See which program sent, and to whom.',
  options: {
    times: count(10, 'How many times the usual bytes of this hour of the week'),
    least: bytes(20e6, 'Bytes of the hour below which nothing is said'),
    quietShare: share(0.25, 'An hour is quiet when its usual bytes are below this share of the mean hour'),
  },
  open: (around) => {
    const { options: at, now, network, table, raise } = around;
    const hours = sourceHoursOf(around);
    const upload = new Upload();
    const told = table({ capacity: 128, keyWords: 5, words: 1, idleSec: 24 * hourSec });
    return {
      moments: uploadMoments,
      flow(s: FlowSignal): void {
        if (!upload.read(s, network)) return;
        hours.add(upload, now.sec, s.id, s.timeUs);
        const sent = hours.bytes(upload);
        if (sent < at.least) return;
        const usual = hours.usual(upload);
        if (usual === null || usual.here > at.quietShare * usual.mean || sent < at.times * usual.here) return;
        const row = told.claim(now.sec, upload.version, upload.s0, upload.s1, upload.s2, upload.s3);
        if (row < 0) return;
        const hour = Math.floor(now.sec / hourSec);
        const o = told.at(row) + HOUR;
        if (told.words[o] === hour) return;
        told.words[o] = hour;
        const { source, target } = hostsOf(upload);
        raise({
          key: source,
          sources: [source],
          targets: [target],
          confidence: 0.6,
          observed: Math.round(sent),
          threshold: Math.max(at.least, Math.round(at.times * usual.here)),
          unit: 'bytes',
          expected: Math.round(usual.here),
          firstUs: s.firstUs,
          firstPacket: s.firstPacket,
          explain: `${source} sent ${sized(sent)} out in an hour of the week in which it usually sends ${sized(usual.here)}.`,
          against: usualUse(s.service),
          flows: [communityOf(s)],
          filter: fromHost(source),
        });
      },
    };
  },
});
