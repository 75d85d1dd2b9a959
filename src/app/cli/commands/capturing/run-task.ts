// One run as the command line asked for it.

import type { Style, SummarySource } from '../../../../screens/present/index.ts';
import type { KeepPackets, RunOptions, StorePlan } from '../../../pipeline/index.ts';
import type { OutputPlan } from './capture-plan.ts';

export interface RunTask {
  readonly options: RunOptions;
  readonly plan: OutputPlan;
  readonly isLive: boolean;
  /** Told before anything else; null: nothing. */
  readonly opening: string | null;
  /** The input in a few words, for the status line and the picture. */
  readonly source: string;
  readonly about: Pick<SummarySource, 'kind' | 'names'>;
  /** Where history is kept; null: nowhere. */
  readonly store: StorePlan | null;
  /** What of packets goes there, too; null: nothing. */
  readonly packets: Omit<KeepPackets, 'run'> | null;
  readonly isVerbose: boolean;
  /** How text on stdout and stderr may look. */
  readonly styles: { readonly stdout: Style; readonly stderr: Style };
}
