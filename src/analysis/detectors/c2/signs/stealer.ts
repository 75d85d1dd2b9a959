// Reports of programs that steal passwords (Agent Tesla, Snake and the like), known by the names they give them.

import type { AnyEvent, EventPlace } from '../../../../core/index.ts';
import { defineDetector } from '../../detector.ts';
import { betweenHosts, clientOf, communityAt, serverOf } from '../../wording.ts';

/** `PW_admin-USER-PC_2024_03_07_19_00_36.html`: passwords, keys, screen, cookies, of a user at a computer. */
const fileName =
  /^(?:PW|KL|SC|CO|CR|Keys?|Passwords?|Cookies|Screenshot)_.{1,80}[-_/]20\d\d_\d\d_\d\d_\d\d_\d\d(?:_\d\d)?\b/i;
/** `PW_admin/USER-PC`, and the words of Snake and its relatives. */
const subject =
  /^(?:PW|KL|SC|CO|CR)_[^/]{1,64}\/[^/]{1,64}$|\b(?:Snake (?:Keylogger|Tracker)|VIP Recovery|Pc Name: .{1,64}\| )|^Passwords Recovered/i;
/** Characters of a name that are looked at. */
const nameChars = 256;

export const stealer = defineDetector({
  name: 'c2.stealer',
  title: 'Report of a password stealer',
  version: 1,
  severity: 'high',
  mitre: 'T1048.003',
  meaning: 'A program sends the passwords, keys or screen of this host to its master.',
  benign: 'A backup of notes whose names happen to look the same.',
  next: 'Take the host off the network; change all passwords that were saved or typed there.',
  options: {},
  open: ({ raise }) => {
    const tell = (place: EventPlace, name: string, how: string): void => {
      const client = clientOf(place);
      const server = serverOf(place);
      raise({
        key: `${client} → ${server}`,
        sources: [client],
        targets: [server],
        confidence: 0.9,
        observed: 1,
        threshold: 1,
        unit: 'reports',
        flows: [communityAt(place)],
        explain: `${client} ${how} "${name.slice(0, 80)}" to ${server}, as password stealers name their reports.`,
        filter: `${betweenHosts(client, server)} && tcp.port == ${place.sPort}`,
      });
    };
    return {
      events: {
        ftp(event: AnyEvent, place: EventPlace): void {
          if (place.only !== 'eve' || event.command !== 'STOR' || typeof event.commandData !== 'string') return;
          const path = event.commandData.slice(0, nameChars);
          const name = path.slice(path.lastIndexOf('/') + 1);
          if (fileName.test(name)) tell(place, name, 'uploads');
        },
        smtp(event: AnyEvent, place: EventPlace): void {
          if (place.only !== 'eve' || typeof event.subject !== 'string') return;
          const text = event.subject.slice(0, nameChars);
          if (subject.test(text)) tell(place, text, 'mails');
        },
      },
    };
  },
});
