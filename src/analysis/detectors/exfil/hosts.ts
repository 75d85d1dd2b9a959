// Addresses of an upload as text.

import { formatAddress } from '../../../core/index.ts';
import type { Upload } from './uploads.ts';

export const hostsOf = (u: Upload): { readonly source: string; readonly target: string } => ({
  source: formatAddress(u.version, u.s0, u.s1, u.s2, u.s3),
  target: formatAddress(u.version, u.d0, u.d1, u.d2, u.d3),
});
