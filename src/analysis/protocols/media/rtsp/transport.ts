// The Transport header of RTSP (RFC 2326 §12.39, RFC 7826 §18.54):
// `RTP/AVP;unicast;client_port=4588-4589;server_port=6256-6257` or `RTP/AVP/TCP;unicast;interleaved=0-1`.

import { ipv4Words, ipv6Words } from '../address-words.ts';
import { parameterOf } from '../head.ts';
import type { MediaAddress } from '../sdp.ts';

export interface Transport {
  readonly isSecure: boolean;
  /** Ports of RTP; 0 when not told. */
  readonly clientPort: number;
  readonly serverPort: number;
  /** Of a multicast group. */
  readonly groupPort: number;
  readonly destination: MediaAddress | null;
  readonly source: MediaAddress | null;
  /** Channel of RTP inside the connection, -1 when it goes another way. */
  readonly channel: number;
}

/** Reads the first of the choices in the header. */
export function readTransport(value: string): Transport {
  const [choice] = value.slice(0, 1024).split(',');
  const interleaved = /(?:^|;)\s*interleaved=(\d{1,3})/i.exec(choice);
  return {
    isSecure: /^\s*RTP\/SAVP/i.test(choice),
    clientPort: portIn(choice, 'client_port'),
    serverPort: portIn(choice, 'server_port'),
    groupPort: portIn(choice, 'port'),
    destination: addressIn(choice, 'destination'),
    source: addressIn(choice, 'source'),
    channel: interleaved === null || Number(interleaved[1]) > 255 ? -1 : Number(interleaved[1]),
  };
}

function portIn(choice: string, name: string): number {
  const found = /^(\d{1,5})(?:-\d{1,5})?$/.exec(parameterOf(choice, name) ?? '');
  const port = found === null ? 0 : Number(found[1]);
  return port < 65_536 ? port : 0;
}

function addressIn(choice: string, name: string): MediaAddress | null {
  const text = parameterOf(choice, name) ?? '';
  const v4 = ipv4Words(text);
  if (v4 !== null) return { ipVersion: 4, words: v4 };
  const v6 = text.includes(':') ? ipv6Words(text.replace(/[[\]]/g, '')) : null;
  return v6 === null ? null : { ipVersion: 6, words: v6 };
}
