// Sweeps for services of local networks that tell much about a host to anyone who asks: SNMP, NetBIOS names, SSDP and
// LLMNR, asked of one host after the other instead of the group.

import { ipProto } from '../../../../core/index.ts';
import { count, type Detector, defineDetector } from '../../detector.ts';
import { communityOf, counted, fromHost, originator, responder, span } from '../../wording.ts';
import { scanBook } from '../probes/book/scan-book.ts';

interface Service {
  readonly name: string;
  readonly title: string;
  readonly ports: readonly number[];
  readonly says: string;
  readonly benign: string;
}

function sweepOf({ name, title, ports, says, benign }: Service) {
  return defineDetector({
    name,
    title,
    version: 1,
    severity: 'low',
    mitre: 'T1046',
    meaning: `Asked in the right way, ${says}.`,
    benign,
    next: 'See which hosts answered, and whether the source has a reason to ask them.',
    options: {
      hosts: count(10, 'Different hosts asked without an answer within 5 min'),
    },
    open: (around) => {
      const { options, raise } = around;
      const book = scanBook(around);
      return book.open({
        port(s, slot) {
          if (s.proto !== ipProto.udp || !ports.includes(s.rPort)) return;
          if (slot.count < options.hosts || slot.count < slot.told * 2 || slot.answered > slot.count) return;
          book.setTold(slot);
          const source = originator(s);
          raise({
            key: source,
            sources: [source],
            targets: [responder(s)],
            observed: slot.count,
            threshold: options.hosts,
            unit: 'hosts',
            firstUs: slot.firstUs,
            firstPacket: slot.firstPacket,
            count: slot.count,
            packets: book.latestPackets(slot.row),
            flows: [communityOf(s)],
            explain: `${source} asked ${counted(slot.count, 'host')} on UDP port ${s.rPort} without an answer in ${span(s.timeUs - slot.firstUs)}, limit ${options.hosts}.`,
            against: `${slot.answered} answered.`,
            filter: `${fromHost(source)} && udp.dstport == ${s.rPort}`,
          });
        },
      });
    },
  });
}

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const localSweeps: readonly Detector<any>[] = [
  sweepOf({
    name: 'recon.snmp',
    title: 'Sweep for SNMP',
    ports: [161],
    says: 'a network device tells its configuration, its neighbours and its programs',
    benign: 'A management station that looks for new devices, or whose devices are down.',
  }),
  sweepOf({
    name: 'recon.nbns',
    title: 'Sweep for NetBIOS names',
    ports: [137],
    says: 'a Windows host tells its name, its domain and who is signed in',
    benign: 'Servers that look up the names of their visitors for a log; old Windows hosts.',
  }),
  sweepOf({
    name: 'recon.ssdp',
    title: 'Sweep for SSDP',
    ports: [1900],
    says: 'a device tells its model and the address of its control page, and serves as a reflector for floods',
    benign: 'Programs that look for media players on another network.',
  }),
  sweepOf({
    name: 'recon.llmnr',
    title: 'Sweep for LLMNR or mDNS',
    ports: [5353, 5355],
    says: 'a host tells its name and its services',
    benign: 'Service discovery over a VPN, where group addresses do not work.',
  }),
];
