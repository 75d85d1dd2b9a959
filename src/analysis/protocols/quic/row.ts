// What is known of one QUIC connection, for the one line it has in logs (Zeek's quic.log).

import { type EventOf, hexText } from '../../../core/index.ts';
import type { Conversation, Side } from '../protocol.ts';
import type { ClientHello } from '../tls/client-hello.ts';
import type { QuicFields } from './fields.ts';
import { History } from './history.ts';
import type { LongHeader } from './packets/header.ts';

/** A client may begin anew in the same flow; more lines than these are not written. */
export const rowLimit = 16;

export class Row {
  readonly history = new History();
  readonly event: EventOf<QuicFields>;
  readonly #firstUs: number;

  constructor(timeUs: number, version: string, versionName: string) {
    this.#firstUs = timeUs;
    this.event = { version, versionName };
  }

  ids(side: Side, b: Uint8Array, header: LongHeader): void {
    const scid = hexText(b, header.scidAt, header.scidAt + header.scidLength);
    if (side === 1) {
      this.event.serverScid = scid;
      return;
    }
    this.event.clientScid = scid;
    if (header.dcidLength > 0) {
      this.event.clientInitialDcid ??= hexText(b, header.dcidAt, header.dcidAt + header.dcidLength);
    }
  }

  /** The sides were taken the wrong way round: `header` is the client's. */
  turn(b: Uint8Array, header: LongHeader): void {
    this.history.turn();
    delete this.event.clientInitialDcid;
    delete this.event.serverScid;
    this.ids(0, b, header);
  }

  hello(hello: ClientHello, ja4: string): void {
    if (hello.sni !== null) this.event.sni = hello.sni;
    if (hello.alpn.length > 0) {
      this.event.alpn = [...hello.alpn];
      this.event.clientProtocol = hello.alpn[0];
    }
    this.event.ja4 = ja4;
  }

  write(conversation: Conversation<QuicFields>): void {
    this.event.history = this.history.text;
    conversation.emit(this.event, { only: 'log', timeUs: this.#firstUs });
  }
}
