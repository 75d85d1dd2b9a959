// MAC flooding: so many new source addresses that a switch forgets where hosts are and sends every frame to all
// ports.

import { type FlowSignal, moment, type Packet } from '../../../../core/index.ts';
import { hashWords } from '../../../sketches/index.ts';
import { count, defineDetector, seconds, share } from '../../detector.ts';
import { grouped, span } from '../../wording.ts';
import { macHigh, macLow } from '../mac.ts';

/** Slots: new addresses of the window, and their makers. */
const NEW = 0;
const MAKERS = 1;
/** Bits of the filter of addresses known before: 32 KiB, two bits an address. */
const filterBits = 18;
/** Addresses after which the filter begins anew. */
const filterLimit = 40_000;

export const camFlood = defineDetector({
  name: 'l2.cam-flood',
  title: 'MAC flooding',
  version: 1,
  severity: 'high',
  mitre: 'T1499',
  meaning: 'A switch whose table is full behaves like a hub: everybody sees what is meant for others.',
  benign: 'Many virtual machines that start at once have few makers; a whole network behind a new link has many.',
  next: 'Find the port from which all these addresses come; limit the addresses of a port.',
  options: {
    macs: count(200, 'New source addresses within `windowSec`'),
    makers: share(0.5, 'Different makers per new address: true ones share a few'),
    windowSec: seconds(10, 'Window in which they are counted'),
  },
  open: ({ options, now, distinct, raise }) => {
    const seen = distinct(2);
    const filter = new Int32Array(1 << (filterBits - 5));
    let inFilter = 0;
    let firstSec = Number.NEGATIVE_INFINITY;
    let firstUs = 0;
    let firstPacket = 0;
    let raised = 0;
    return {
      moments: moment.opened,
      flow(s: FlowSignal): void {
        if ((s.srcMac0 | s.srcMac1) !== 0) see(s.srcMac0, s.srcMac1, s.timeUs, s.packet);
      },
      frame(p: Packet): void {
        if (p.level === 0 && p.srcMacAt >= 0)
          see(macHigh(p.bytes, p.srcMacAt), macLow(p.bytes, p.srcMacAt + 4), p.timeUs, p.number);
      },
    };

    /** Known addresses cost two looks. */
    function see(m0: number, m1: number, timeUs: number, packet: number): void {
      const hash = hashWords(m0, m1);
      const a = hash >>> (32 - filterBits);
      const b = (hash & ((1 << filterBits) - 1)) >>> 0;
      const isKnown = (filter[a >>> 5] & (1 << (a & 31))) !== 0 && (filter[b >>> 5] & (1 << (b & 31))) !== 0;
      if (isKnown) return;
      if (++inFilter > filterLimit) {
        filter.fill(0);
        inFilter = 0;
      }
      filter[a >>> 5] |= 1 << (a & 31);
      filter[b >>> 5] |= 1 << (b & 31);
      if (now.sec - firstSec > options.windowSec) {
        firstSec = now.sec;
        firstUs = timeUs;
        firstPacket = packet;
        raised = 0;
        seen.clear(NEW);
        seen.clear(MAKERS);
      }
      if (!seen.add(NEW, hash)) return;
      // The lowest bits of the first byte say group and made-up: macof sets them at random.
      seen.add(MAKERS, hashWords(m0 & 0xfcffff00));
      judge(timeUs);
    }

    function judge(timeUs: number): void {
      const macs = seen.count(NEW);
      if (macs < options.macs || macs < 2 * raised) return;
      const makers = seen.count(MAKERS);
      if (makers < options.makers * macs) return;
      raised = macs;
      raise({
        key: 'source addresses',
        sources: [],
        targets: [],
        observed: macs,
        threshold: options.macs,
        unit: 'addresses',
        firstUs,
        firstPacket,
        count: macs,
        explain: `${grouped(macs)} MAC addresses of ${grouped(makers)} makers showed for the first time in ${span(timeUs - firstUs)}, limit ${options.macs}.`,
        filter: 'eth.src',
      });
    }
  },
});
