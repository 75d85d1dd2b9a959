// Hellos that browsers do not send: no server name (RFC 6066 §3), an address or odd characters in its place, protocols
// that nobody registered (RFC 7301).

import type { AnyEvent, EventPlace } from '../../../core/index.ts';
import { count, defineDetector } from '../detector.ts';
import { textOf, watchTls } from './finding.ts';

const kinds = ['tls', 'dtls', 'quic'];
/** Protocols of the web: who offers them knows the name of the server. */
const webProtocols = new Set(['h2', 'h3', 'http/1.1', 'h3-29', 'spdy/3.1', 'spdy/3']);

const alpnsOf = (event: AnyEvent): readonly string[] => {
  const list = event.clientAlpns ?? event.alpn;
  return Array.isArray(list) ? list.filter((one): one is string => typeof one === 'string') : [];
};

const isAddress = (name: string): boolean => /^\d{1,3}(\.\d{1,3}){3}$/.test(name) || name.includes(':');
const isPrintable = (name: string): boolean => /^[A-Za-z0-9._-]{1,255}$/.test(name);

/** Whether the client's hello was seen at all. */
const hasHello = (event: AnyEvent, at: EventPlace): boolean =>
  event.ja3 !== undefined || event.ja4 !== undefined || (at.proto === 17 && event.sni !== undefined);

export const oddName = defineDetector({
  name: 'tls.odd-name',
  title: 'TLS without a proper server name',
  version: 1,
  severity: 'info',
  mitre: 'T1090.004',
  meaning: 'Programs that connect to a bare address, malware among them, send no server name or a made-up one.',
  benign: 'VPN clients, mail, remote desktops and many devices do the same.',
  next: 'Find the program on the client; look at the fingerprint JA4 and at the certificate.',
  options: { connections: count(1, 'Connections to a server before it is told') },
  open: (around) =>
    watchTls(
      around,
      (event, at, options) => {
        if (!hasHello(event, at)) return null;
        const name = textOf(event.sni);
        const isWeb = alpnsOf(event).some((one) => webProtocols.has(one));
        let text: string;
        if (name === '') text = `was asked for no name${isWeb ? ', though a protocol of the web was offered' : ''}`;
        else if (isAddress(name)) text = 'was asked for an address in the place of a name (RFC 6066 §3 forbids it)';
        else if (!isPrintable(name)) text = 'was asked for a name with characters that no host name has';
        else return null;
        return {
          text,
          severity: 'info',
          observed: 1,
          threshold: options.connections,
          unit: 'connections',
          filter: 'tls.handshake.type == 1',
        };
      },
      kinds,
    ),
});

/** Registered by IANA, or met in widespread programs. */
const known =
  /^(h2|h2c|h3|h3-\d+|hq|hq-\d+|hq-interop|http\/[01]\.\d|spdy\/[1-3](\.1)?|grpc-exp|imap|pop3|smtp|ftp|managesieve|coap|co|xmpp-(client|server)|acme-tls\/1|mqtt|dot|doq(-i\d+)?|ntske\/1|sunrpc|irc|stun\.(turn|nat-discovery)|webrtc|c-webrtc|sip\/2|tds\/8\.0|dicom|postgresql|radius\/1\.[01]|nnsp|nntp|smb|perf|apns(-.*)?|openvpn|mcp|teams|x-.*|c2s|doh|wq-vvv-01|moqt?(-.*)?)$/;

export const oddProtocol = defineDetector({
  name: 'tls.odd-protocol',
  title: 'TLS for a protocol that is not registered',
  version: 1,
  severity: 'info',
  mitre: 'T1573',
  meaning: 'Programs with a protocol of their own inside TLS say so; tunnels and remote control tools do.',
  benign: 'Makers of ordinary software name their protocols as they like.',
  next: 'Find the program on the client, and whether it belongs there.',
  options: { connections: count(1, 'Connections to a server before it is told') },
  open: (around) =>
    watchTls(
      around,
      (event, _at, options) => {
        // GREASE (RFC 8701) looks like two equal bytes ending in a.
        const odd = alpnsOf(event).find((one) => !known.test(one) && !/^(.)a\1a$/i.test(hex(one)));
        if (odd === undefined) return null;
        return {
          text: `was offered the protocol ${JSON.stringify(odd.slice(0, 40))}`,
          severity: 'info',
          observed: 1,
          threshold: options.connections,
          unit: 'connections',
          filter: 'tls.handshake.extensions_alpn_str',
        };
      },
      kinds,
    ),
});

const hex = (text: string): string =>
  text.length === 2 ? [0, 1].map((i) => text.charCodeAt(i).toString(16).padStart(2, '0')).join('') : text;
