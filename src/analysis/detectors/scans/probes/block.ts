// Scan of a block of hosts and ports that no single host or port shows (simple-scan's "random scan"): many different
// tries failed, and they form a grid. Peers of a file-sharing network each have a port of their own, and form none.

import { ipProto } from '../../../../core/index.ts';
import { count, defineDetector, share } from '../../detector.ts';
import { communityOf, counted, fromHost, originator, span } from '../../wording.ts';
import { isGrid } from './book/failures.ts';
import { scanBook } from './book/scan-book.ts';

export const blockScan = defineDetector({
  name: 'scan.block',
  title: 'Scan of many hosts and ports',
  version: 1,
  severity: 'medium',
  mitre: 'T1046',
  meaning: 'Spreading tries over hosts and ports is how a scanner stays below the limits of each.',
  benign: 'Monitoring of hosts that are down; a program that looks for peers which are gone.',
  next: 'See what the source tries and whether anything answered it.',
  options: {
    tries: count(25, 'Different host and port pairs that failed within 15 min'),
    hosts: count(5, 'Hosts among them, at least'),
    ports: count(5, 'Ports among them, at least'),
    spread: share(0.67, 'Hosts, and ports, as a share of the pairs: at the most this'),
  },
  open: (around) => {
    const { options, now, raise } = around;
    const book = scanBook(around);
    return book.open({
      failure(s, row) {
        if (s.proto !== ipProto.tcp || book.failures.pairs(row) < options.tries || book.isRowNamed(row)) return;
        const failed = book.failures.counts(row);
        const { pairs, hosts, ports, told, firstUs, firstPacket } = failed;
        if (pairs < told * 2 || hosts < options.hosts || ports < options.ports) return;
        if (!isGrid(failed, options.spread)) return;
        book.failures.setTold(row, pairs);
        const source = originator(s);
        raise({
          key: source,
          sources: [source],
          targets: [],
          observed: pairs,
          threshold: options.tries,
          unit: 'tries',
          firstUs,
          firstPacket,
          count: pairs,
          packets: [s.firstPacket],
          flows: [communityOf(s)],
          explain: `${source} failed to reach ${counted(pairs, 'pair')} of host and port (about ${hosts} hosts, ${ports} ports) in ${span(now.timeUs - firstUs)}, limit ${options.tries}.`,
          filter: `${fromHost(source)} && tcp.flags.syn == 1 && tcp.flags.ack == 0`,
        });
      },
    });
  },
});
