// Tunnels that carry IP in IP: GRE (RFC 2784), 6in4 (RFC 4213), IPIP (RFC 2003), EtherIP (RFC 3378), Teredo (RFC 4380).
// Worth a note wherever the user has not said that they belong here; more so from inside to the outside.

import { type FlowSignal, ipProto, moment } from '../../../core/index.ts';
import { count, defineDetector } from '../detector.ts';
import { betweenHosts, communityOf, originator, responder } from '../wording.ts';

const teredo = 3544;
const kinds: Readonly<Record<number, readonly [name: string, filter: string]>> = {
  [ipProto.ipip]: ['IP in IP', 'ip.proto == 4'],
  [ipProto.ipv6]: ['IPv6 in IP (6in4)', 'ip.proto == 41'],
  [ipProto.gre]: ['GRE', 'gre'],
  [ipProto.etherip]: ['EtherIP', 'etherip'],
};

/** Found where nobody means harm. */
const isUsual = (proto: number): boolean => proto === ipProto.udp || proto === ipProto.gre;

function kindOf(s: FlowSignal): readonly [name: string, filter: string] | undefined {
  if (s.proto === ipProto.udp) {
    // Either port: who speaks first is not known of a capture that begins in the middle.
    return s.rPort === teredo || s.oPort === teredo ? ['Teredo', `udp.port == ${teredo}`] : undefined;
  }
  return kinds[s.proto];
}

export const unexpectedTunnel = defineDetector({
  name: 'tunnel.unexpected',
  title: 'Tunnel to the outside',
  version: 1,
  severity: 'low',
  mitre: 'T1572',
  meaning: 'A tunnel carries traffic past filters that look at addresses and ports: out, or in.',
  benign: 'Networks joined by GRE, IPv6 brokers, and old Windows hosts that look for IPv6 by themselves (Teredo).',
  next: 'Does the tunnel belong here? Then except both ends; else see what is inside.',
  options: {
    packets: count(6, 'Packets of a tunnel before it is told; a third of them when both ends send'),
    most: count(16, 'Tunnels told within an hour: where there are more, they belong there'),
  },
  open: ({ options, network, table, raise }) => {
    // 512 tunnels at the most: two ends and a kind.
    const told = table({ capacity: 512, keyWords: 6, idleSec: 86_400 });
    let hour = -1;
    let inHour = 0;
    return {
      moments: moment.alive | moment.ended,
      flow(s: FlowSignal): void {
        if (s.isInner || s.proto === ipProto.tcp) return;
        const kind = kindOf(s);
        const isBoth = s.oPackets > 0 && s.rPackets > 0;
        if (kind === undefined || s.oPackets + s.rPackets < (isBoth ? options.packets / 3 : options.packets)) return;
        const isFromInside = network.isLocal(s.ipVersion, s.o0, s.o1, s.o2, s.o3);
        const isToInside = network.isLocal(s.ipVersion, s.r0, s.r1, s.r2, s.r3);
        const sec = Math.floor(s.timeUs / 1e6);
        const before = told.used;
        if (told.claim(sec, s.ipVersion, s.o0 ^ s.o1, s.o2 ^ s.o3, s.r0 ^ s.r1, s.r2 ^ s.r3, s.proto) < 0) return;
        if (told.used === before) return;
        inHour = Math.floor(sec / 3600) === hour ? inHour + 1 : 1;
        hour = Math.floor(sec / 3600);
        if (inHour > options.most) return;
        const [source, target] = [originator(s), responder(s)];
        raise({
          key: `${source} → ${target}`,
          sources: [source],
          targets: [target],
          // Between two networks that are both ours, or both not, it is how they are joined, and GRE joins networks over
          // the Internet; old Windows hosts build Teredo by themselves. The others a host is made to build.
          severity: isFromInside === isToInside || isUsual(s.proto) ? 'info' : 'low',
          observed: s.oPackets + s.rPackets,
          threshold: options.packets,
          unit: 'packets',
          firstUs: s.firstUs,
          firstPacket: s.firstPacket,
          count: s.oPackets + s.rPackets,
          explain: `${kind[0]} tunnel between ${source} and ${target}.`,
          flows: [communityOf(s)],
          filter: `${betweenHosts(source, target)} && ${kind[1]}`,
        });
      },
    };
  },
});
