// A host outside that hardly anyone talks to gets much and gives little (MITRE T1048).

import type { FlowSignal } from '../../../core/index.ts';
import { bytes, count, defineDetector, seconds, share } from '../detector.ts';
import { betweenHosts, communityOf, counted, grouped, span } from '../wording.ts';
import { hostsOf } from './hosts.ts';
import { sized, Upload, uploadMoments, usualUse } from './uploads.ts';

const SINCE = 0;
const SENT = 0;
const RECEIVED = 1;
const RAISED = 2;
const FIRST_US = 3;
const FIRST_PACKET = 4;

/** Who talks to a host outside, told apart up to this many. */
const talkersMost = 8;

export const exfilRatio = defineDetector({
  name: 'exfil.ratio',
  title: 'Data sent to a rare host',
  version: 1,
  severity: 'medium',
  mitre: 'T1048',
  meaning: 'Clients usually get more than they send; stolen data goes the other way, to a host nobody else uses.',
  benign: 'Uploads of pictures or videos, remote backups, video calls.',
  next: 'See who owns the host outside and what was sent.',
  options: {
    ratio: count(10, 'Bytes sent for each that came back'),
    leastBytes: bytes(20e6, 'Bytes sent below which nothing is said'),
    rareShare: share(0.02, 'Share of the hosts here that talk to a rare host; one always may'),
    windowSec: seconds(3600, 'Window in which they are counted'),
  },
  open: (around) => {
    const { options: at, now, network, table, distinct, raise } = around;
    const upload = new Upload();
    // 512 pairs of hosts with 80 bytes each; 2,048 hosts outside with 64 for who talks to them.
    const pairs = table({ capacity: 512, keyWords: 6, words: 1, doubles: 5, idleSec: 2 * at.windowSec });
    const outside = table({ capacity: 2048, keyWords: 5, words: talkersMost, idleSec: 24 * 3600 });
    const inside = distinct(1);

    /** Hosts here that talk to it, up to the most that are told apart; 0 when there was no room to know. */
    const talkers = (u: Upload): number => {
      const row = outside.claim(now.sec, u.version, u.d0, u.d1, u.d2, u.d3);
      if (row < 0) return 0;
      const o = outside.at(row);
      const who = u.sourceHash | 1;
      const known = outside.words.subarray(o, o + talkersMost);
      const free = known.indexOf(0);
      if (!known.includes(who) && free >= 0) known[free] = who;
      const many = known.indexOf(0);
      return many < 0 ? talkersMost : many;
    };

    return {
      moments: uploadMoments,
      flow(s: FlowSignal): void {
        if (!upload.read(s, network)) return;
        const u = upload;
        inside.add(0, u.sourceHash);
        const many = talkers(u);
        const row = pairs.claim(now.sec, u.version, u.s0, u.s1, u.s2, u.s3, u.targetHash);
        if (row < 0) return;
        const o = pairs.at(row);
        const d = row * pairs.doublesPerRow;
        const all = pairs.doubles;
        if (now.sec - pairs.words[o + SINCE] > at.windowSec) {
          pairs.words[o + SINCE] = now.sec;
          all[d + SENT] = all[d + RECEIVED] = all[d + RAISED] = 0;
          all[d + FIRST_US] = s.firstUs;
          all[d + FIRST_PACKET] = s.firstPacket;
        }
        all[d + SENT] += u.sent;
        const sent = all[d + SENT];
        all[d + RECEIVED] += u.received;
        const received = all[d + RECEIVED];
        pairs.setWorth(row, Math.min(0x7fffffff, sent / 1024));
        if (sent < at.leastBytes || sent < at.ratio * received || sent < 2 * all[d + RAISED]) return;
        if (many === 0 || many > Math.max(1, at.rareShare * inside.count(0))) return;
        all[d + RAISED] = sent;
        const { source, target } = hostsOf(u);
        const usual = usualUse(s.service);
        raise({
          key: `${source} → ${target}`,
          sources: [source],
          targets: [target],
          severity: usual === '' ? 'medium' : 'low',
          confidence: usual === '' ? 0.7 : 0.4,
          observed: Math.round(sent),
          threshold: at.leastBytes,
          unit: 'bytes',
          firstUs: all[d + FIRST_US],
          firstPacket: all[d + FIRST_PACKET],
          packets: [all[d + FIRST_PACKET]],
          explain: `${source} sent ${sized(sent)} to ${target} and got ${sized(received)} (${grouped(Math.round(sent / Math.max(1, received)))} to 1) in ${span(now.timeUs - all[d + FIRST_US])}; ${counted(many, 'host')} here ${many === 1 ? 'talks' : 'talk'} to it.`,
          against: usual,
          flows: [communityOf(s)],
          filter: betweenHosts(source, target),
        });
      },
    };
  },
});
