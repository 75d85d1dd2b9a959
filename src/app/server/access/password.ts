// The password of a server that others can reach: kept as a scrypt hash (RFC 7914), tried a few times a minute at the most.

import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** 16 MiB and some 50 ms a try. */
const cost = { N: 1 << 14, r: 8, p: 1 } as const;

export interface Password {
  /** `wait`: too many tries; nothing was looked at. */
  try(given: string, from: string): Promise<'right' | 'wrong' | 'wait'>;
}

const windowMs = 60_000;
/** Wrong tries within a minute: of one address, and of all together. */
const triesOfOne = 5;
const triesOfAll = 30;

/** @param nowMs a clock that never goes back */
export function password(plain: string, nowMs: () => number): Password {
  const salt = randomBytes(16);
  const wanted = hash(plain, salt);
  const failed: { readonly from: string; readonly atMs: number }[] = [];
  let running = 0;
  return {
    try: async (given, from) => {
      while (failed.length > 0 && failed[0].atMs <= nowMs() - windowMs) failed.shift();
      const own = failed.filter((each) => each.from === from).length;
      // One at a time: hashing is what a flood of tries would pay for with the memory of the capture.
      if (running > 0 || own >= triesOfOne || failed.length >= triesOfAll) return 'wait';
      running++;
      try {
        if (timingSafeEqual(await hash(given, salt), await wanted)) return 'right';
        failed.push({ from, atMs: nowMs() });
        return 'wrong';
      } finally {
        running--;
      }
    },
  };
}

function hash(text: string, salt: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(text.normalize('NFC'), salt, 32, cost, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}
