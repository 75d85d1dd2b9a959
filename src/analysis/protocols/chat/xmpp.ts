// XMPP (RFC 6120): the stream's opening, who is asked for, and the change to TLS; stanzas are not read.

import { hasAscii, latin1, text, wireText } from '../../../core/index.ts';
import {
  type Conversation,
  defineProtocol,
  oneOf,
  type Probe,
  probed,
  type Side,
  startingWith,
  type Talk,
} from '../protocol.ts';

/** Bytes of a side looked at before the rest is left alone. */
const lookLimit = 16_384;
/** Bytes kept of a stanza that has not ended, for the words that are looked for to be found across pieces. */
const keptBytes = 512;

const fields = {
  to: text('Server that was asked for'),
  namespace: text('Kind of stream: jabber:client or jabber:server'),
  mechanism: text('How the client proved who it is (SASL)'),
};

const opening = '<stream:stream';

/** The opening tag, behind an XML declaration or not. */
const probe: Probe = (b, o, end) => {
  if (b[o] !== 0x3c) return probed.no;
  if (hasAscii(b, o, end, opening)) return probed.yes;
  if (!hasAscii(b, o, end, '<?xml')) return end - o < opening.length ? probed.maybe : probed.no;
  const head = latin1(b, o, Math.min(end, o + keptBytes));
  if (head.includes(opening)) return probed.yes;
  return head.length < keptBytes && !/<[a-zA-Z]/.test(head.slice(5)) ? probed.maybe : probed.no;
};

export const xmpp = defineProtocol({
  name: 'xmpp',
  title: 'XMPP',
  family: 'chat',
  ports: { tcp: [5222, 5269] },
  zeekService: 'xmpp',
  fields,
  probe: startingWith(oneOf(0x3c), probe),
  open: (conversation) => new XmppTalk(conversation),
});

class XmppTalk implements Talk {
  readonly #conversation: Conversation<typeof fields>;
  readonly #seen: [number, number] = [0, 0];
  #to = '';
  #namespace = '';
  #mechanism = '';

  constructor(conversation: Conversation<typeof fields>) {
    this.#conversation = conversation;
  }

  data(side: Side, b: Uint8Array, at: number, end: number): number {
    const conversation = this.#conversation;
    const head = latin1(b, at, Math.min(end, at + lookLimit));
    const tag = head.indexOf(opening);
    if (side === 0 && this.#to === '' && tag >= 0 && head.indexOf('>', tag) > 0) {
      this.#to = attribute(head, tag, 'to', b, at);
      this.#namespace = attribute(head, tag, 'xmlns', b, at);
      if (this.#to !== '') conversation.serverName(this.#to);
    }
    if (side === 1 && tag >= 0) conversation.confirm();
    const proceed = head.indexOf('<proceed');
    if (side === 1 && proceed >= 0) {
      const stop = head.indexOf('>', proceed);
      if (stop < 0) return 0;
      conversation.become('tls');
      return stop + 1;
    }
    const auth = side === 0 ? head.indexOf('<auth ') : -1;
    if (auth >= 0) this.#mechanism = attribute(head, auth, 'mechanism', b, at);
    this.#seen[side] += end - at;
    if (auth >= 0 || this.#seen[side] > lookLimit) {
      this.end();
      conversation.done();
    }
    // A tag that has not ended is shown again with what follows.
    const last = head.lastIndexOf('>');
    return end - at - last - 1 > keptBytes ? end - at : last + 1;
  }

  end(): void {
    if (this.#to === '' && this.#namespace === '') return;
    this.#conversation.emit({
      ...(this.#to === '' ? {} : { to: this.#to }),
      ...(this.#namespace === '' ? {} : { namespace: this.#namespace }),
      ...(this.#mechanism === '' ? {} : { mechanism: this.#mechanism }),
    });
  }
}

/** Value of the first attribute of that name behind `from`, made safe to show; '' when there is none. */
function attribute(head: string, from: number, name: string, b: Uint8Array, at: number): string {
  const found = head.indexOf(` ${name}=`, from);
  const start = found + name.length + 3;
  const quote = head[start - 1];
  if (found < 0 || (quote !== '"' && quote !== "'")) return '';
  const stop = head.indexOf(quote, start);
  if (stop < 0 || stop - start > 255) return '';
  return wireText(b, at + start, at + stop);
}
