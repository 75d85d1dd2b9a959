// Node's own way from bytes to text: two to three times as fast as any in the language.

import { Buffer } from 'node:buffer';
import { lendLatin1 } from '../../core/index.ts';

/** Buffer's reader works on any bytes; the types know it only on a Buffer. */
const { latin1Slice } = Buffer.prototype as unknown as {
  latin1Slice(this: Uint8Array, from: number, to: number): string;
};

/** To be called once in each thread that reads text. */
export function useFastText(): void {
  lendLatin1((b, o, end) => latin1Slice.call(b, o, end));
}
