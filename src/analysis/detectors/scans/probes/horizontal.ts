// Sweep of hosts for one port: the same port tried at many hosts, without an answer (simple-scan's address scan).

import { ipProto } from '../../../../core/index.ts';
import { hashWords } from '../../../sketches/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { communityOf, counted, fromHost, originator, span } from '../../wording.ts';
import { type Episode, grow, isPast, roughly } from './book/episodes.ts';
import type { Slot } from './book/reader.ts';
import { scanBook } from './book/scan-book.ts';
import { shapes } from './book/shapes.ts';

/** Services that worms and door-rattlers look for, and that a client has no business asking many silent hosts for. */
const prizes = new Set([
  22, 23, 135, 139, 445, 502, 1433, 1521, 2222, 2323, 3306, 3389, 5432, 5555, 5900, 5985, 6379, 7547, 8291, 9200, 11211,
  20000, 27017, 37215, 44818, 52869,
]);
/** Ports on which a browser or a gateway opens many connections at once, to hosts that will answer. */
const web = new Set([80, 443, 8080, 8443]);
const busyFactor = 4;

export const horizontalScan = defineDetector({
  name: 'scan.horizontal',
  title: 'Sweep of hosts for one service',
  version: 1,
  severity: 'medium',
  mitre: 'T1046',
  meaning: 'Worms and intruders ask every address for the one service they know how to break into.',
  benign: 'Inventory scanners of your own; a program that looks for its peers on a network where they are gone.',
  next: 'See which hosts answered, and whether the source is a host of yours that may be infected.',
  options: {
    hosts: count(20, 'Different hosts tried on one port without an answer within 5 min'),
    prizedHosts: count(8, 'The same, of services that worms look for (Telnet, SMB, RDP, SSH, …)'),
    webWaitSec: seconds(1, 'Web ports: within this time of the first try, twice as many hosts are needed'),
  },
  open: (around) => {
    const { options, now, raise } = around;
    const book = scanBook(around);
    const shape = shapes(around);
    const episodes = shape.horizontal;

    function limitOf(port: number): number {
      return prizes.has(port) ? Math.min(options.prizedHosts, options.hosts) : options.hosts;
    }

    function tell(e: Episode): void {
      const port = Number(e.mostOf);
      const others = e.passed > 1 ? ` and ${counted(e.passed - 1, 'other port')} likewise` : '';
      raise({
        key: e.key,
        sources: [e.source],
        targets: [],
        observed: e.most,
        threshold: limitOf(port),
        unit: 'hosts',
        firstUs: e.firstUs,
        firstPacket: e.firstPacket,
        packets: e.packets,
        flows: e.flows,
        count: e.most,
        explain: `${e.source} tried port ${port} of ${roughly(e.most, 'host')}${others} without an answer in ${span(e.lastUs - e.firstUs)}, limit ${limitOf(port)}.`,
        against: `${e.mostAnswered} of its tries of that port were answered, ${e.mostRefused} refused.`,
        filter: `${fromHost(e.source)} && tcp.dstport == ${port} && tcp.flags.syn == 1 && tcp.flags.ack == 0`,
      });
    }

    /** Peers of a file-sharing network have ports of their own, of which a few are the same by chance or by default. */
    function isChance(slot: Slot, port: number): boolean {
      return port >= 1024 && !prizes.has(port) && !web.has(port) && slot.count * 4 < book.failures.pairs(slot.row);
    }

    function isEnough(slot: Slot, port: number, timeUs: number): boolean {
      if (isChance(slot, port)) return false;
      const isBurst = web.has(port) && timeUs - slot.firstUs < options.webWaitSec * 1e6;
      const factor = slot.answered > 2 * slot.count ? busyFactor : isBurst ? 2 : 1;
      return slot.count >= limitOf(port) * factor;
    }

    return book.open({
      port(s, slot) {
        if (s.proto !== ipProto.tcp || slot.count < slot.told * 2 || !isEnough(slot, s.rPort, s.timeUs)) return;
        book.setTold(slot);
        book.setNamed(slot.row);
        const source = originator(s);
        if (shape.isDeep(source, s.timeUs)) return;
        const port = String(s.rPort);
        const at = { timeUs: s.timeUs, firstUs: slot.firstUs, firstPacket: slot.firstPacket };
        const e = episodes.enter(source, port, hashWords(s.rPort, 0x5ca9), at, (name) => `${source} port ${name}`);
        if (!grow(e, port, slot)) return;
        if (e.packets.length < 20) e.packets.push(...book.latestPackets(slot.row));
        if (e.flows.length < 20) e.flows.push(communityOf(s));
        tell(e);
      },
      over(slot, hash) {
        if (slot.isHost !== false || book.protoOf(slot.row) !== ipProto.tcp) return;
        const e = episodes.find(book.sourceOf(slot.row), hash);
        const port = e?.names.get(hash);
        if (e === undefined || port === undefined || slot.count <= e.most || isPast(e, now.timeUs)) return;
        e.lastUs = Math.max(e.lastUs, slot.lastSec * 1e6);
        grow(e, port, slot);
        tell(e);
      },
    });
  },
});
