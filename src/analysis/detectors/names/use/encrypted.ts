// DNS that cannot be read: over HTTPS (RFC 8484), TLS (RFC 7858) and QUIC (RFC 9250). Not bad in itself; worth knowing.

import { type FlowSignal, moment, parseAddress } from '../../../../core/index.ts';
import { hashWords } from '../../../sketches/index.ts';
import { count, type Detector, defineDetector } from '../../detector.ts';
import { betweenHosts, communityOf, counted, originator, responder } from '../../wording.ts';

/** Resolvers that answer DNS over HTTPS at addresses of their own, as their operators publish them. */
const resolvers = new Set(
  (
    '1.1.1.1 1.0.0.1 1.1.1.2 1.0.0.2 1.1.1.3 1.0.0.3 8.8.8.8 8.8.4.4 9.9.9.9 149.112.112.112 9.9.9.10 9.9.9.11 ' +
    '208.67.222.222 208.67.220.220 94.140.14.14 94.140.15.15 104.16.248.249 104.16.249.249 185.222.222.222 45.11.45.11 ' +
    '2606:4700:4700::1111 2606:4700:4700::1001 2001:4860:4860::8888 2001:4860:4860::8844 2620:fe::fe 2620:fe::9'
  )
    .split(' ')
    .map((text) => {
      const address = parseAddress(text);
      return address === null ? 0 : hashWords(address.ipVersion, ...address.words);
    }),
);

const securePort = 443;

interface Kind {
  readonly name: string;
  readonly title: string;
  readonly words: string;
  readonly filter: string;
  readonly fits: (s: FlowSignal) => boolean;
}

const kinds: readonly Kind[] = [
  {
    name: 'dns.doh',
    title: 'DNS over HTTPS',
    words: 'HTTPS',
    filter: 'tcp.port == 443 || udp.port == 443',
    fits: (s) =>
      s.app === 'doh' ||
      (s.rPort === securePort &&
        (s.app === 'tls' || s.app === 'quic') &&
        resolvers.has(hashWords(s.ipVersion, s.r0, s.r1, s.r2, s.r3))),
  },
  {
    name: 'dns.dot',
    title: 'DNS over TLS',
    words: 'TLS',
    filter: 'tcp.port == 853',
    fits: (s) => s.app === 'dot' || (s.rPort === 853 && s.proto === 6 && s.app === 'tls'),
  },
  {
    name: 'dns.doq',
    title: 'DNS over QUIC',
    words: 'QUIC',
    filter: 'udp.port == 853 || udp.port == 784 || udp.port == 8853',
    fits: (s) => s.app === 'doq' || (s.rPort === 853 && s.proto === 17 && s.app === 'quic'),
  },
];

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const [doh, dot, doq]: readonly Detector<any>[] = kinds.map((kind) =>
  defineDetector({
    name: kind.name,
    title: kind.title,
    version: 1,
    severity: 'info',
    mitre: 'T1071.004',
    meaning: 'Names asked for in this way are hidden from filters and from this program.',
    benign: 'Browsers and phones do it by themselves to keep names private.',
    next: 'Where policy wants names to be seen, have clients use the resolver of the network.',
    options: { conversations: count(1, 'Conversations of a client with a resolver') },
    open: ({ options: at, now, table, raise }) => {
      const pairs = table({ capacity: 128, keyWords: 6, words: 1, idleSec: 24 * 3600 });
      return {
        moments: moment.alive | moment.ended,
        flow(s: FlowSignal): void {
          if (!kind.fits(s)) return;
          const server = hashWords(s.r0, s.r1, s.r2, s.r3);
          const row = pairs.claim(now.sec, s.ipVersion, s.o0, s.o1, s.o2, s.o3, server);
          if (row < 0) return;
          const times = ++pairs.words[pairs.at(row)];
          pairs.setWorth(row, times);
          if (times < at.conversations || (times & (times - 1)) !== 0) return;
          const client = originator(s);
          const resolver = responder(s);
          raise({
            key: `${client} → ${resolver}`,
            sources: [client],
            targets: [resolver],
            confidence: s.app === 'tls' || s.app === 'quic' ? 0.6 : 1,
            observed: times,
            threshold: at.conversations,
            unit: 'conversations',
            count: times,
            firstUs: s.firstUs,
            firstPacket: s.firstPacket,
            explain: `${client} asks ${resolver} for names over ${kind.words} (${counted(times, 'conversation')}).`,
            flows: [communityOf(s)],
            filter: `${betweenHosts(client, resolver)} && (${kind.filter})`,
          });
        },
      };
    },
  }),
);
