// The built-in detectors as data, for those who list and set them.

import type { DetectorOption } from '../../../analysis/detectors/index.ts';
import { detectors } from '../../../analysis/detectors/index.ts';
import type { Severity } from '../../../core/index.ts';

export interface ListedDetector {
  readonly name: string;
  readonly title: string;
  readonly version: number;
  readonly severity: Severity;
  readonly mitre: string | null;
  readonly meaning: string;
  readonly benign: string;
  readonly next: string;
  readonly options: Readonly<Record<string, DetectorOption>>;
  readonly isOptional: boolean;
}

export const detectorList: readonly ListedDetector[] = detectors.map(({ open: _, isOptional = false, ...about }) => ({
  ...about,
  isOptional,
}));
