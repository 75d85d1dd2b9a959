/**
 * What detectors are written with, the built-in ones and your own: `import { … } from 'taplight/detector'`.
 */
export {
  type AnyEvent,
  type EventPlace,
  type Evidence,
  FlowSignal,
  formatAddress,
  moment,
  type Packet,
  type RateSignal,
  type Severity,
} from '../../core/index.ts';
export { CountMin, DistinctPool, hashText, hashWords, KeyTable, type KeyTableOptions } from '../sketches/index.ts';
export * from './detector.ts';
export * from './wording.ts';
