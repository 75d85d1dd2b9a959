// A QUIC connection's packets in letters, as Zeek's quic.log tells them: capital ones are the client's.

import type { Side } from '../protocol.ts';

/** Letters kept, as many as Zeek's. */
const letterLimit = 100;

/**
 * I Initial, H Handshake, Z 0-RTT, R Retry, C CONNECTION_CLOSE, S hello of TLS, U unknown version, X something else after
 * an Initial was opened, O the 1st, 2nd, 4th, 8th … packet with a short header of its side.
 */
export class History {
  text = '';
  readonly #short: [number, number] = [0, 0];
  readonly #threshold: [number, number] = [1, 1];

  add(side: Side, letter: string): void {
    if (this.text.length < letterLimit) this.text += side === 0 ? letter : letter.toLowerCase();
  }

  /** The sides were taken the wrong way round. */
  turn(): void {
    let turned = '';
    for (const letter of this.text) turned += letter >= 'a' ? letter.toUpperCase() : letter.toLowerCase();
    this.text = turned;
    this.#short.reverse();
    this.#threshold.reverse();
  }

  short(side: Side): void {
    this.#short[side]++;
    if (this.#short[side] !== this.#threshold[side]) return;
    this.#threshold[side] *= 2;
    this.add(side, 'O');
  }
}
