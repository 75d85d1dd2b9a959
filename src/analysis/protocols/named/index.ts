/**
 * Protocols of which only the name is told, by their first bytes; one file per family.
 *
 * Guarantees: a probe only looks; it says yes where several fixed bytes and a length agree, or fewer of them on a usual
 * port; a flow that is named here is not looked at any more.
 *
 * To add one: write its probe into the file of its family, and its line into the list at the end of that file.
 */
import type { Protocol } from '../protocol.ts';
import { chats, medias } from './chat-and-media.ts';
import { datas } from './data.ts';
import { fileTransfers } from './file-transfer.ts';
import { games } from './games.ts';
import { industries } from './industry.ts';
import { machines } from './machine.ts';
import { peerNetworks } from './peer-to-peer.ts';
import { remoteControls } from './remote-control.ts';
import { routings } from './routing.ts';
import { vpns } from './vpn.ts';

/** In order of probing. */
export const namedProtocols: readonly Protocol[] = [
  ...chats,
  ...games,
  ...vpns,
  ...peerNetworks,
  ...remoteControls,
  ...fileTransfers,
  ...routings,
  ...machines,
  ...industries,
  ...datas,
  ...medias,
];
