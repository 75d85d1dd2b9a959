// Traffic with an address on a list: worst when a host here reached it (MITRE T1071).

import { type FlowSignal, moment } from '../../../core/index.ts';
import { count, defineDetector } from '../detector.ts';
import { communityOf, counted, originator, responder, toHost, withHost } from '../wording.ts';
import { openHits } from './hits.ts';

const tcp = 6;

export const intelAddress = defineDetector({
  name: 'intel.address',
  title: 'An address on a list',
  version: 1,
  severity: 'high',
  mitre: 'T1071',
  meaning: 'Somebody has seen the address attack, or command attacked hosts.',
  benign: 'Addresses change hands, and many sites may share one; lists forget slowly.',
  next: 'See what was spoken and how much was sent; ask the maker of the list why the address is on it.',
  options: { times: count(1, 'Conversations with a listed address') },
  open: (around) => {
    const { intel } = around;
    const hits = openHits(around, 2048);

    const outbound = (s: FlowSignal, bits: number): void => {
      const match = intel.lists.address(s.ipVersion, bits, s.r0, s.r1, s.r2, s.r3);
      const isReached = s.moment !== moment.opened;
      const client = originator(s);
      const listed = responder(s);
      hits.note([s.ipVersion, s.o0, s.o1, s.o2, s.o3], match, `${client} → ${listed}`, isReached ? 3 : 2, (times) => ({
        sources: [client],
        targets: [listed],
        firstPacket: s.firstPacket,
        explain: `${client} ${isReached ? 'talked to' : 'tried to reach'} ${listed}:${s.rPort}, which is on the list ${match.list.name}${entryOf(match.indicator, listed)} (${counted(times, 'time')}).`,
        flow: communityOf(s),
        filter: withHost(listed),
      }));
    };

    const inbound = (s: FlowSignal, bits: number): void => {
      const match = intel.lists.address(s.ipVersion, bits, s.o0, s.o1, s.o2, s.o3);
      const isReached = s.moment !== moment.opened;
      const listed = originator(s);
      const target = responder(s);
      // Half the Internet knocks; who does is of interest together, who is let in one by one.
      const key = isReached ? `${listed} → ${target}` : `listed → ${target}`;
      hits.note([s.ipVersion, s.r0, s.r1, s.r2, s.r3], match, key, isReached ? 2 : 1, (times) => ({
        sources: [listed],
        targets: [target],
        firstPacket: s.firstPacket,
        explain: isReached
          ? `${listed}, which is on the list ${match.list.name}${entryOf(match.indicator, listed)}, talked to ${target}:${s.rPort} (${counted(times, 'time')}).`
          : `${target} was tried ${counted(times, 'time')} by addresses on lists, ${listed} of ${match.list.name} the latest.`,
        flow: communityOf(s),
        filter: isReached ? withHost(listed) : toHost(target),
      }));
    };

    return {
      moments: moment.opened | moment.answered | moment.established,
      flow(s: FlowSignal): void {
        const { lists } = intel;
        // Of TCP, an answer to the first packet is not yet a conversation.
        if (!lists.hasAddresses || (s.moment === moment.answered && s.proto === tcp)) return;
        const out = lists.addressBits(s.ipVersion, s.r0, s.r1, s.r2, s.r3);
        if (out >= 0) outbound(s, out);
        const into = lists.addressBits(s.ipVersion, s.o0, s.o1, s.o2, s.o3);
        if (into >= 0) inbound(s, into);
      },
    };
  },
});

const entryOf = (indicator: string, address: string): string => (indicator === address ? '' : ` as ${indicator}`);
