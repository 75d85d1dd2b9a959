// How an SSH login went, told from the lengths of encrypted packets alone, in the way Zeek does it.

import type { Side } from '../protocol.ts';

/** The acceptance of the service is padded to 24 bytes, a success to 8: whatever MAC is added, 16 lie between. */
const successIsShorter = 16;
/** An answer that is so much longer than the acceptance of the service is a banner of the server. */
const bannerIsLonger = 256;

/**
 * The server's packets after its NEWKEYS, each in a packet of its own in all but odd cases:
 *
 *      service accepted (S) -> [banner] -> failure (F) -> F -> F -> success (S - 16)
 *
 * The first failure has no length known before; from then on every packet of that length is a failed attempt.
 */
export class LoginWatch {
  /** Whether the last attempt was let in; null before any was seen. */
  isSuccess: boolean | null = null;
  attempts = 0;
  /** Packets of the server that were looked at. */
  serverPackets = 0;
  /** Nothing more can be learnt. */
  isDecided = false;
  #accepted = 0;
  #failure = 0;
  #hasBanner = false;
  #hasClientSpoken = false;
  /** The packet whose bytes are being added up, as a stream may come in pieces. */
  #packet = -1;
  #bytes = 0;
  /** A gap makes lengths worthless. */
  isBlind = false;

  /** @param bytes encrypted bytes of this side @param packet number of the packet that brought them */
  add(side: Side, bytes: number, packet: number): void {
    if (this.isDecided || this.isBlind) return;
    if (packet !== this.#packet) {
      this.settle();
      this.#packet = packet;
    }
    if (side === 0) this.#hasClientSpoken = true;
    else this.#bytes += bytes;
  }

  /** Judges the packet at hand: nothing of it will follow. */
  settle(): void {
    const bytes = this.#bytes;
    this.#bytes = 0;
    if (bytes === 0 || this.isDecided || this.isBlind || !this.#hasClientSpoken) return;
    this.serverPackets++;
    if (this.#accepted === 0) {
      this.#accepted = bytes;
    } else if (bytes + successIsShorter === this.#accepted) {
      this.#attempt(true);
    } else if (this.#failure === 0) {
      if (!this.#hasBanner && bytes - this.#accepted > bannerIsLonger) this.#hasBanner = true;
      else this.#failure = bytes;
    } else if (bytes === this.#failure) {
      this.#attempt(false);
    }
  }

  #attempt(isSuccess: boolean): void {
    this.isSuccess = isSuccess;
    this.attempts++;
    this.isDecided = isSuccess;
  }
}
