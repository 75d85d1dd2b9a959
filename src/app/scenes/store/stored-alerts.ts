// Alerts as they were kept.

import type { Alert } from '../../../core/index.ts';
import type { StoredRow } from '../../../output/store/index.ts';

/** The alert of a row; null where what was kept of it cannot be read. */
export function alertOf(row: StoredRow): Alert | null {
  try {
    // Written by this program (output/store/rows/alert-rows.ts).
    const alert = JSON.parse(String(row.details)) as Alert;
    return typeof alert.id === 'string' ? alert : null;
  } catch {
    return null;
  }
}
