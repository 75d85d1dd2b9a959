// Where decryption plugs in: who has keys is shown every record of a TLS connection, in order, beside what `tls` reads itself.

import type { Conversation, Side } from '../protocol.ts';
import type { ClientHello } from './client-hello.ts';
import type { ServerHello } from './server-hello.ts';

export interface RecordTap {
  /** Nothing more will be opened: records need not be shown any more. */
  readonly isOver: boolean;
  /** Before the record that ends the ClientHello is shown. After a HelloRetryRequest a second time. */
  hello(client: ClientHello, clientRandomHex: string): void;
  /** Likewise; a HelloRetryRequest is not told. */
  serverHello(version: number, cipherSuite: number, serverRandomHex: string, server: ServerHello): void;
  /**
   * One whole record: `at` to `end` is its fragment, without the header of five bytes that stands before `at`.
   * Bytes are only valid inside the call.
   */
  record(side: Side, contentType: number, bytes: Uint8Array, at: number, end: number): void;
  /** Bytes of the stream were never captured: records of this side are missing, possibly all from here on. */
  gap(side: Side, missing: number): void;
  end(): void;
}

/**
 * Takes handshake messages that were encrypted, so that the event tells the certificates of TLS 1.3 and the protocol
 * chosen: `at` to `end` is the body of one whole message.
 */
export type OpenedHandshake = (side: Side, type: number, bytes: Uint8Array, at: number, end: number) => void;

/** Gives null when nothing can be decrypted, in which case the connection is left once its handshake is over. */
export type OpenRecordTap = (conversation: Conversation, opened: OpenedHandshake) => RecordTap | null;
