// TLS: certificates, versions, handshakes.

import type { Detector } from '../detector.ts';
import { fatalAlerts } from './fatal-alerts.ts';
import { heartbleed } from './heartbleed.ts';
import { oddName, oddProtocol } from './hello-names.ts';
import { nameMismatch } from './name-mismatch.ts';
import { selfSigned } from './self-signed.ts';
import { expired, expiring, longValid, notYetValid } from './validity.ts';
import { weak } from './weak.ts';

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const certificates: readonly Detector<any>[] = [
  heartbleed,
  expired,
  notYetValid,
  expiring,
  longValid,
  selfSigned,
  nameMismatch,
  weak,
  oddName,
  oddProtocol,
  fatalAlerts,
];
