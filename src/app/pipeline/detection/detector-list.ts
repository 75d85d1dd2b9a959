// The built-in detectors as data, for those who list and set them.

import type { DetectorOption } from '../../../analysis/detectors/index.ts';
import { detectors } from '../../../analysis/detectors/index.ts';
import type { DetectorWords } from '../../../core/index.ts';

export interface ListedDetector extends DetectorWords {
  readonly options: Readonly<Record<string, DetectorOption>>;
  readonly isOptional: boolean;
}

export const detectorList: readonly ListedDetector[] = detectors.map(({ open: _, isOptional = false, ...about }) => ({
  ...about,
  isOptional,
}));
