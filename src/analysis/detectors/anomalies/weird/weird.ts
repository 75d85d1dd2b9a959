// Contradictions to protocols (Zeek's weird.log, EVE's anomaly) and to the rules of segments: single ones are worth a note,
// many from one host are an attack on parsers, a broken program, or a fuzzer.

import { type AnyEvent, type EventPlace, formatAddress, type OddSignal } from '../../../../core/index.ts';
import { hashWords } from '../../../sketches/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { communityAt, counted, fromHost, span } from '../../wording.ts';
import { Ledger, type Policy, verdicts } from './ledger.ts';

/** What is not merely counted. */
const policies: Readonly<Record<string, Policy>> = {
  // Told by detectors of their own.
  rexmit_inconsistency: 'ignore',
  'tcp.conflict': 'ignore',
  'tcp.after-reset': 'ignore',
  'tcp.split-handshake': 'ignore',
  'fragment.conflict': 'ignore',
  'fragment.overlap': 'ignore',
  'fragment.end': 'ignore',
  'checksum.wrong': 'ignore',
  // Seen when the next fragment comes, whoever's it is.
  'fragment.timeout': 'ignore',
  // Usual in Telnet and rlogin.
  'tcp.urgent': 'ignore',
  'tcp.syn-data': 'host',
  'tcp.syn-ack-number': 'host',
  'tcp.rst-data': 'host',
  // Nobody speaks these by accident; controllers believe what they are sent.
  modbus_wrong_header: 'host',
  iec104_wrong_start: 'host',
  dnp3_corrupt_header_checksum: 'host',
  dnp3_corrupt_data_checksum: 'host',
};

export const weird = defineDetector({
  name: 'proto.weird',
  title: 'Contradictions to protocols',
  version: 1,
  severity: 'low',
  mitre: null,
  meaning: 'Who breaks the rules of protocols in many connections tries parsers out, or runs broken software.',
  benign: 'Old or unusual programs, and captures that miss packets.',
  next: 'See which contradictions there are, and whether one program makes them all.',
  options: {
    flows: count(20, 'Connections with contradictions of one host within `windowSec`'),
    windowSec: seconds(60, 'Window in which they are counted'),
  },
  open: (around) => {
    const { options, now, raise } = around;
    const ledger = new Ledger(around, 1024, policies, options.flows, options.windowSec);

    const tell = (verdict: number, name: string, host: string, flows: string[]): void => {
      const isMany = verdict === verdicts.many;
      const within = span(now.timeUs - ledger.firstUs);
      raise({
        key: isMany ? host : `${host} ${name}`,
        sources: [host],
        targets: [],
        severity: isMany ? 'low' : 'info',
        observed: isMany ? ledger.flows : ledger.count,
        threshold: isMany ? options.flows : 1,
        unit: isMany ? 'connections' : 'times',
        ...(isMany ? { firstUs: ledger.firstUs, firstPacket: ledger.firstPacket } : {}),
        explain: isMany
          ? `${counted(ledger.flows, 'connection')} of ${host} contradicted protocols within ${within}, limit ${options.flows}; the latest: ${name}.`
          : `${host}: ${name}.`,
        flows,
        filter: fromHost(host),
      });
    };

    return {
      events: {
        weird(event: AnyEvent, place: EventPlace): void {
          const name = typeof event.name === 'string' ? event.name : '';
          if (name === '') return;
          const { ipVersion, c0, c1, c2, c3 } = place;
          const flow = hashWords(place.s0, place.s3, place.cPort, place.sPort, place.proto);
          const verdict = ledger.note(now, name, ipVersion, c0, c1, c2, c3, flow);
          if (verdict === verdicts.nothing) return;
          tell(verdict, name, formatAddress(ipVersion, c0, c1, c2, c3), [communityAt(place)]);
        },
      },
      odd(s: OddSignal): void {
        const flow = hashWords(s.d0, s.d3, s.sPort, s.dPort, s.proto);
        const verdict = ledger.note(now, s.what, s.ipVersion, s.s0, s.s1, s.s2, s.s3, flow);
        if (verdict === verdicts.nothing) return;
        tell(verdict, s.what, formatAddress(s.ipVersion, s.s0, s.s1, s.s2, s.s3), []);
      },
    };
  },
});
