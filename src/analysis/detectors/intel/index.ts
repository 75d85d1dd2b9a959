// Names, addresses and fingerprints on lists of the user.

import type { Detector } from '../detector.ts';
import { intelAddress } from './address.ts';
import { intelDomain } from './domain.ts';
import { intelFingerprint } from './fingerprint.ts';
import { intelHash } from './hash.ts';
import { intelUrl } from './url.ts';

export * from './list-reader.ts';
export { type IntelList, IntelLists, type IntelSource } from './lists.ts';

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const intel: readonly Detector<any>[] = [intelAddress, intelDomain, intelUrl, intelHash, intelFingerprint];
