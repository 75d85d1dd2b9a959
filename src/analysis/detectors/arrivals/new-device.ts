// A device that was never here: a MAC address seen for the first time after the network was learned.

import { type FlowSignal, formatIpv4, moment, type Packet } from '../../../core/index.ts';
import { count, defineDetector, seconds } from '../detector.ts';
import { isGroupMac, isMadeUpMac, isSharedMac, macText } from '../local/mac.ts';
import { neighboursOf } from '../local/neighbours.ts';
import { WarmUp } from './warm-up.ts';

export const newDevice = defineDetector({
  name: 'new.device',
  title: 'New device',
  version: 1,
  severity: 'info',
  mitre: 'T1200',
  meaning: 'Someone may have plugged in a device of his own.',
  benign: 'A new or replaced device, a visitor, one that was switched off while the network was learned.',
  next: 'See what kind of device it is by its maker and what it speaks, and on which port.',
  options: {
    learnSec: seconds(3600, 'Time in which devices are learned and none is told'),
    perHour: count(20, 'Devices told in an hour at the most'),
    privateMacs: count(0, '1: tell also of addresses made up by software, as phones do'),
  },
  open: (around) => {
    const { options, now, table, raise } = around;
    const known = neighboursOf(around);
    const { arp } = known;
    let latest0 = 0;
    let latest1 = 0;
    const warmUp = new WarmUp(options.learnSec, options.perHour);
    // 8,192 devices of 20 bytes; once one had to give way nobody is new any more.
    const devices = table({ capacity: 8192, keyWords: 2, idleSec: Number.MAX_SAFE_INTEGER });
    return {
      moments: moment.opened | moment.answered,
      tick: (sec) => warmUp.tick(sec),
      flow(s: FlowSignal): void {
        if ((s.srcMac0 | s.srcMac1) !== 0 && !s.isInner) see(s.srcMac0, s.srcMac1);
      },
      frame(p: Packet): void {
        if (arp.operation !== 0 && p.ipVersion === 0) see(arp.sender0, arp.sender1);
      },
    };

    function see(m0: number, m1: number): void {
      if (m0 === latest0 && m1 === latest1) return;
      latest0 = m0;
      latest1 = m1;
      if (devices.find(m0, m1) >= 0 || isGroupMac(m0) || isSharedMac(m0, m1)) return;
      const row = devices.claim(now.sec, m0, m1);
      if (row < 0 || devices.evictions + devices.refusals > 0) return;
      if (isMadeUpMac(m0) && options.privateMacs === 0) return;
      if (!warmUp.mayTell(now.sec)) return;
      const mac = macText(m0, m1);
      const ip = known.ipOf(m0, m1);
      const address = ip === 0 ? '' : ` (${formatIpv4(ip)})`;
      raise({
        key: mac,
        sources: ip === 0 ? [] : [formatIpv4(ip)],
        targets: [],
        observed: 1,
        threshold: 1,
        unit: 'devices',
        explain: `The device ${mac}${address} was not seen before; ${devices.used - 1} others were.`,
        filter: `eth.addr == ${mac}`,
      });
    }
  },
});
