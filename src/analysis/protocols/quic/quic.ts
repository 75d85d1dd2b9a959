// QUIC: which server is asked for and by whom, out of the Initial packets that anyone can open (RFC 9000, 9001, 9369, drafts
// from 21 on, Facebook's and Google's own versions); with logged keys also what is said inside.

import { u32 } from '../../../core/index.ts';
import { defineProtocol, type ProbeHint, probed, startingWith } from '../protocol.ts';
import { quicFields } from './fields.ts';
import { GoogleHeader, readNibbleHeader, readPublicHeader } from './packets/google-frames.ts';
import { isVersionList, LongHeader, readLongHeader } from './packets/header.ts';
import { isReserved } from './packets/versions.ts';
import { QuicTalk } from './quic-talk.ts';

/** A client's datagram with an Initial packet is filled up to so many bytes (RFC 9000 §14.1). */
const initialDatagramBytes = 1200;

const header = new LongHeader();
const google = new GoogleHeader();

function probe(b: Uint8Array, at: number, end: number, hint: ProbeHint): number {
  const first = b[at];
  if ((first & 0x80) === 0) {
    return (first & 0x09) === 0x09 && readPublicHeader(b, at, end, google) ? probed.yes : probed.no;
  }
  if (end - at < 7) return probed.no;
  if (readNibbleHeader(b, at, end, google)) return probed.yes;
  if (!readLongHeader(b, at, end, header)) return probed.no;
  if (header.version !== null) return (first & 0x40) !== 0 ? probed.yes : probed.no;
  const version = u32(b, at + 1);
  if (version === 0) return isVersionList(b, header.numberAt, end) ? probed.yes : probed.no;
  const isClient = isReserved(version) && (first & 0x40) !== 0 && hint.length >= initialDatagramBytes;
  return isClient && header.dcidLength >= 8 ? probed.yes : probed.no;
}

export const quic = defineProtocol({
  name: 'quic',
  title: 'QUIC',
  family: 'web',
  ports: { udp: [443, 853, 784, 8853] },
  variants: ['doq', 'doh'],
  zeekLog: 'quic',
  // Zeek reads the handshake inside by its analyzer of TLS.
  zeekService: 'quic,ssl',
  fields: quicFields,
  probe: startingWith((first) => (first & 0x80) !== 0 || (first & 0x09) === 0x09, probe),
  open: (conversation) => new QuicTalk(conversation),
});
