// A service that was never here: a local host answers on a port on which it did not so far.

import { type FlowSignal, ipProto, moment } from '../../../core/index.ts';
import { count, defineDetector, seconds } from '../detector.ts';
import { rolesOf } from '../local/roles.ts';
import { communityOf, responder, toHost } from '../wording.ts';
import { WarmUp } from './warm-up.ts';

/** Ports from which systems take those of clients, and below which a UDP port has a meaning. */
const firstClientPort = 32_768;
const firstFreePort = 1024;

export const newService = defineDetector({
  name: 'new.service',
  title: 'New service',
  version: 1,
  severity: 'info',
  mitre: 'T1200',
  meaning: 'A port that was shut is open: software was installed, or someone left a door.',
  benign: 'An update or a new application, a service that is used seldom.',
  next: 'See which program listens on this port of the host and who began to use it.',
  options: {
    learnSec: seconds(3600, 'Time in which services are learned and none is told'),
    perHour: count(20, 'Services told in an hour at the most'),
  },
  open: (around) => {
    const { options, now, table, raise, network } = around;
    const roles = rolesOf(around);
    const warmUp = new WarmUp(options.learnSec, options.perHour);
    // 8,192 services of 32 bytes; once one had to give way none is new any more.
    const services = table({ capacity: 8192, keyWords: 5, idleSec: Number.MAX_SAFE_INTEGER });
    return {
      moments: moment.answered,
      tick: (sec) => warmUp.tick(sec),
      flow(s: FlowSignal): void {
        const isTcp = s.proto === ipProto.tcp;
        if (!isTcp && (s.proto !== ipProto.udp || s.rPort >= firstFreePort)) return;
        if (s.rPort >= firstClientPort || s.rPort === 0 || s.isInner) return;
        if (!network.isLocal(s.ipVersion, s.r0, s.r1, s.r2, s.r3)) return;
        const service = (s.rPort << 8) | (s.ipVersion << 1) | (isTcp ? 1 : 0);
        if (services.find(service, s.r0, s.r1, s.r2, s.r3) >= 0) return;
        const row = services.claim(now.sec, service, s.r0, s.r1, s.r2, s.r3);
        if (row < 0 || services.evictions + services.refusals > 0 || !warmUp.mayTell(now.sec)) return;
        tell(s, isTcp ? 'tcp' : 'udp');
      },
    };

    function tell(s: FlowSignal, protocol: 'tcp' | 'udp'): void {
      const host = responder(s);
      const isRouter = roles.isRouter(s.ipVersion, s.r0, s.r1, s.r2, s.r3);
      raise({
        key: `${host} ${s.rPort}/${protocol}`,
        sources: [host],
        targets: [],
        observed: 1,
        threshold: 1,
        unit: 'services',
        explain: `${host}${isRouter ? ' (a router)' : ''} answers on port ${s.rPort}/${protocol}, which it was not seen to do before.`,
        flows: [communityOf(s)],
        filter: `${toHost(host)} && ${protocol}.dstport == ${s.rPort}`,
      });
    }
  },
});
