// What is told of a QUIC connection: Suricata's `quic` events of each hello, Zeek's quic.log of the whole.

import { number, object, objects, text, texts } from '../../../core/index.ts';

export interface EveFingerprint {
  hash: string;
  string: string;
}

export interface EveExtension {
  name?: string;
  type: number;
  values?: string[];
}

export const quicFields = {
  version: text('Version as Suricata writes it', { eve: 'quic.version' }),
  versionName: text('Version', { zeek: 'version', filter: 'quic.version' }),
  sni: text('Name of the server that was asked for', {
    eve: 'quic.sni',
    zeek: 'server_name',
    filter: 'tls.handshake.extensions_server_name',
  }),
  userAgent: text('Program of the client, in versions before TLS', { eve: 'quic.ua' }),
  alpn: texts('Protocols that the client offers'),
  clientProtocol: text('First protocol that the client offers', { zeek: 'client_protocol', eve: false }),
  ja3: object<EveFingerprint>('JA3 of the client', { eve: 'quic.ja3' }),
  ja3s: object<EveFingerprint>('JA3S of the server', { eve: 'quic.ja3s' }),
  ja4: text('JA4 of the client', { eve: 'quic.ja4' }),
  cyu: objects<EveFingerprint>('CYU of the client, in versions before TLS', { eve: 'quic.cyu' }),
  extensions: objects<EveExtension>('Extensions of the hello', {
    eve: 'quic.extensions',
  }),
  cipherSuite: number('Cipher suite that the server chose'),
  clientInitialDcid: text('First destination connection id of the client', { zeek: 'client_initial_dcid' }),
  clientScid: text('Connection id of the client', { zeek: 'client_scid' }),
  serverScid: text('Connection id of the server', { zeek: 'server_scid' }),
  history: text('Packets in letters, capital ones the client’s', { zeek: 'history' }),
};

export type QuicFields = typeof quicFields;
