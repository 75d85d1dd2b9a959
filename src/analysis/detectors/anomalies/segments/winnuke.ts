// WinNuke (CVE-1999-0153): urgent data to the NetBIOS session service, which stopped Windows 95 and NT.

import type { OddSignal } from '../../../../core/index.ts';
import { count, defineDetector } from '../../detector.ts';
import { counted, fromHost } from '../../wording.ts';
import { oddSource, oddTarget, Tally } from '../tally.ts';

const netbiosSession = 139;

export const winnuke = defineDetector({
  name: 'proto.winnuke',
  title: 'Urgent data to NetBIOS (WinNuke)',
  version: 1,
  severity: 'high',
  mitre: 'T1499.004',
  meaning: 'Urgent data to this port has no meaning but to crash old Windows hosts.',
  benign: 'None is known: NetBIOS has no use for urgent data.',
  next: 'See whether the target still answers, and who runs the source.',
  options: { segments: count(1, 'Such segments of one source') },
  open: (around) => {
    const { options, now, raise } = around;
    const tally = new Tally(around, 256, 600);
    return {
      odd(s: OddSignal): void {
        // Scanners set all flags on segments without data.
        if (s.what !== 'tcp.urgent' || s.dPort !== netbiosSession || s.limit === 0 || s.value === 0) return;
        const n = tally.add(now, s.ipVersion, s.s0, s.s1, s.s2, s.s3);
        if (n === 0 || !tally.isNews(options.segments)) return;
        const [source, target] = [oddSource(s), oddTarget(s)];
        raise({
          key: source,
          sources: [source],
          targets: [target],
          observed: n,
          threshold: options.segments,
          unit: 'segments',
          ...tally.when(),
          explain: `${source} sent ${target} ${counted(n, 'segment')} with urgent data to port ${netbiosSession}.`,
          filter: `${fromHost(source)} && tcp.dstport == ${netbiosSession} && tcp.flags.urg == 1`,
        });
      },
    };
  },
});
