// Hellos inside QUIC as events: one line for what the client says, one for what the server answers, as Suricata tells them.

import type { Crypto, EventOf } from '../../../core/index.ts';
import { type ClientHello, extension } from '../tls/client-hello.ts';
import { ja3Of, ja3sOf } from '../tls/ja.ts';
import type { ServerHello } from '../tls/server-hello.ts';
import { extensionName } from './extension-names.ts';
import type { EveExtension, QuicFields } from './fields.ts';
import { type Chlo, cyuNumber } from './packets/google-frames.ts';
import type { Version } from './packets/versions.ts';

type QuicEvent = EventOf<QuicFields>;

export function clientEvent(version: Version, hello: ClientHello, ja4: string, crypto: Crypto): QuicEvent {
  const { hash, text } = ja3Of(hello, crypto);
  const event: QuicEvent = { version: version.text, versionName: version.name, ja3: { hash, string: text }, ja4 };
  if (hello.sni !== null) event.sni = hello.sni;
  if (hello.alpn.length > 0) event.alpn = [...hello.alpn];
  if (hello.extensions.length > 0) {
    event.extensions = hello.extensions.map((type) => {
      if (type === extension.serverName && hello.sni !== null) return told(type, [hello.sni]);
      return told(type, type === extension.alpn ? hello.alpn : []);
    });
  }
  return event;
}

export function serverEvent(version: Version, hello: ServerHello, crypto: Crypto): QuicEvent {
  const { hash, text } = ja3sOf(hello, crypto);
  const event: QuicEvent = {
    version: version.text,
    versionName: version.name,
    ja3s: { hash, string: text },
    cipherSuite: hello.cipherSuite,
  };
  if (hello.extensions.length > 0) event.extensions = hello.extensions.map((type) => told(type, []));
  return event;
}

function told(type: number, values: readonly string[]): EveExtension {
  const name = extensionName(type);
  return {
    ...(name === undefined ? {} : { name }),
    type,
    ...(values.length === 0 ? {} : { values: [...values] }),
  };
}

/** A CHLO, with CYU: MD5 over the version's number and the tags. */
export function chloEvent(version: Version, chlo: Chlo, crypto: Crypto): QuicEvent {
  const string = `${cyuNumber(version)},${chlo.tags.join('-')}`;
  const event: QuicEvent = {
    version: version.text,
    versionName: version.name,
    cyu: [{ hash: crypto.digestHex('md5', string), string }],
  };
  if (chlo.sni !== null) event.sni = chlo.sni;
  if (chlo.userAgent !== null) event.userAgent = chlo.userAgent;
  return event;
}
