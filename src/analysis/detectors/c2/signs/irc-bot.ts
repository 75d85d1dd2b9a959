// Bots in IRC: names made of country, system and a number, as no person calls himself.

import type { AnyEvent, EventPlace } from '../../../../core/index.ts';
import { defineDetector } from '../../detector.ts';
import { betweenHosts, clientOf, communityAt, serverOf } from '../../wording.ts';

/** `{USA}{LAN}72705`, `[DEU|XP|8412345]`, `USA|W7|00123456`. */
const bracketed = /[[{|](?:[A-Z]{2,3}|XP|2K3?|W\d{1,2}|WIN[A-Z0-9]{0,4}|LAN|VIS|NEW)[\]}|]/i;
const numbered = /\d{4,}/;
const nickChars = 64;

export const ircBot = defineDetector({
  name: 'c2.irc-bot',
  title: 'Bot in IRC',
  version: 1,
  severity: 'medium',
  mitre: 'T1071.001',
  meaning: 'Bots meet in a channel of IRC and wait there for orders.',
  benign: 'Programs that people run in IRC on purpose, with an odd name.',
  next: 'Read what is said in the channel; see which program of the source is connected.',
  options: {},
  open: ({ raise }) => ({
    events: {
      irc(event: AnyEvent, place: EventPlace): void {
        if (event.command !== 'NICK' || typeof event.value !== 'string') return;
        const nick = event.value.slice(0, nickChars);
        if (!bracketed.test(nick) || !numbered.test(nick)) return;
        const client = clientOf(place);
        const server = serverOf(place);
        raise({
          key: `${client} → ${server}`,
          sources: [client],
          targets: [server],
          confidence: 0.8,
          observed: 1,
          threshold: 1,
          unit: 'names',
          flows: [communityAt(place)],
          explain: `${client} calls itself ${nick} in IRC at ${server} port ${place.sPort}, as bots do.`,
          filter: `${betweenHosts(client, server)} && tcp.port == ${place.sPort}`,
        });
      },
    },
  }),
});
