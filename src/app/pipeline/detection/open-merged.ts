// Detectors of a run with several analysis threads: opened in the main thread, fed by the signals of all.

import type { Alert, QueueReader, Snapshot } from '../../../core/index.ts';
import type { DetectOptions } from '../options.ts';
import { detectionSnapshot, type Listening, listeningOf, openDetection } from './index.ts';
import { IntelFeed } from './intel-feed.ts';
import { MergedDetection } from './merged-detection.ts';
import { loadOwnDetectors } from './own/own-detectors.ts';

export interface OpenMerged {
  readonly listening: Listening;
  /** The threads' queues are there; `inOrder`: each thread sees every frame. */
  begin(queues: readonly QueueReader[], inOrder: boolean): void;
  take(index: number, unit: number): void;
  isAhead(index: number): boolean;
  done(index: number): void;
  run(): void;
  /** After the last signal. */
  end(): void;
  snapshot(before: readonly Alert[]): Pick<Snapshot, 'alerts' | 'incidents' | 'risks' | 'detection'>;
}

/**
 * Opens the detectors. Rejects with BAD_DETECTOR.
 * @param goesOn what is captured now; of files that are read once, the same has to come whenever they are read
 */
export async function openMerged(
  options: DetectOptions,
  goesOn: boolean,
  tell: ((alert: Alert) => void) | null,
): Promise<OpenMerged> {
  const intel = new IntelFeed(options.intel);
  const opened = openDetection(options, await loadOwnDetectors(options.modules), tell, intel.source);
  let merged: MergedDetection | null = null;
  return {
    listening: listeningOf(opened.detection),
    begin: (queues, inOrder) => {
      merged = new MergedDetection(opened.detection, queues, inOrder);
    },
    take: (index, unit) => merged?.take(index, unit),
    isAhead: (index) => merged?.isAhead(index) ?? false,
    done: (index) => merged?.done(index),
    run: () => {
      if (goesOn) intel.look();
      merged?.run();
    },
    end: () => {
      merged?.run();
      opened.detection.end();
    },
    snapshot: (before) => detectionSnapshot(opened, before),
  };
}
