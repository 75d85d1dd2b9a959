// Where and how long history is kept, as the user asked for it.

import type { RetentionPolicy } from '../../../output/store/index.ts';

export interface StorePlan {
  /** Folder, or clickhouse:// URL. */
  readonly place: string;
  /** Name that rows of this sensor are kept under. */
  readonly sensor: string;
  readonly retention: RetentionPolicy;
  /** Where what a server has not yet taken waits on disk. */
  readonly spoolFolder: string;
  /** Version of the program, for whoever finds the store taken. */
  readonly program: string;
}
