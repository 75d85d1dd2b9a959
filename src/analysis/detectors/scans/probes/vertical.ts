// Port scan of one host (sfPortscan, Zeek's simple-scan): many of its ports tried, without an answer.

import { ipProto } from '../../../../core/index.ts';
import { hashWords } from '../../../sketches/index.ts';
import { count, defineDetector } from '../../detector.ts';
import { communityOf, counted, fromHost, originator, responder, span, withHost } from '../../wording.ts';
import { type Episode, grow, isPast, roughly } from './book/episodes.ts';
import type { Slot } from './book/reader.ts';
import { scanBook } from './book/scan-book.ts';
import { shapes } from './book/shapes.ts';

/** From so many ports on it is no slip of a program. */
const manyPorts = 100;
/** A source most of whose tries are answered, e.g. a gateway of many users, has to do so many times more. */
const busyFactor = 4;

export const verticalScan = defineDetector({
  name: 'scan.vertical',
  title: 'Port scan',
  version: 1,
  severity: 'medium',
  mitre: 'T1046',
  meaning: 'Trying the ports of a host one by one finds the programs on it that can be attacked.',
  benign: 'Inventory and vulnerability scanners of your own; a program whose server moved to another port.',
  next: 'See which ports answered, and whether the source went on to talk to them.',
  options: {
    ports: count(15, 'Different ports of one host tried without an answer within 5 min'),
    systemPorts: count(8, 'The same, of ports below 1024'),
  },
  open: (around) => {
    const { options, now, raise } = around;
    const book = scanBook(around);
    const shape = shapes(around);
    const episodes = shape.vertical;

    function tell(e: Episode): void {
      const others = e.passed > 1 ? ` and of ${counted(e.passed - 1, 'other host')}` : '';
      const target = e.mostOf;
      raise({
        key: e.key,
        sources: [e.source],
        targets: [...e.names.values()],
        severity: e.most >= manyPorts ? 'high' : 'medium',
        observed: e.most,
        threshold: options.ports,
        unit: 'ports',
        firstUs: e.firstUs,
        firstPacket: e.firstPacket,
        packets: e.packets,
        flows: e.flows,
        count: e.most,
        explain: `${e.source} tried ${roughly(e.most, 'port')} of ${target}${others} without an answer in ${span(e.lastUs - e.firstUs)}, limit ${options.ports}.`,
        against: `${e.mostAnswered} of its tries there were answered, ${e.mostRefused} refused.`,
        filter: `${fromHost(e.source)} && ${e.passed === 1 ? `${withHost(target)} && ` : ''}tcp.flags.syn == 1 && tcp.flags.ack == 0`,
      });
    }

    function isEnough(slot: Slot): boolean {
      const factor = slot.answered > 2 * slot.count ? busyFactor : 1;
      return slot.count >= options.ports * factor || slot.system >= options.systemPorts * factor;
    }

    return book.open({
      host(s, slot) {
        if (s.proto !== ipProto.tcp || slot.count < slot.told * 2 || !isEnough(slot)) return;
        book.setTold(slot);
        const source = originator(s);
        book.setNamed(slot.row);
        if (shape.isSwept(source, s.timeUs)) return;
        const target = responder(s);
        const hash = hashWords(s.r0, s.r1, s.r2, s.r3);
        const at = { timeUs: s.timeUs, firstUs: slot.firstUs, firstPacket: slot.firstPacket };
        const e = episodes.enter(source, target, hash, at, (host) => `${source} → ${host}`);
        if (!grow(e, target, slot)) return;
        if (e.packets.length < 20) e.packets.push(...book.latestPackets(slot.row));
        if (e.flows.length < 20) e.flows.push(communityOf(s));
        tell(e);
      },
      over(slot, hash) {
        if (slot.isHost !== true || book.protoOf(slot.row) !== ipProto.tcp) return;
        const e = episodes.find(book.sourceOf(slot.row), hash);
        const target = e?.names.get(hash);
        if (e === undefined || target === undefined || slot.count <= e.most || isPast(e, now.timeUs)) return;
        e.lastUs = Math.max(e.lastUs, slot.lastSec * 1e6);
        grow(e, target, slot);
        tell(e);
      },
    });
  },
});
