// Guessing of passwords, and accounts that are used by others.

import type { Detector } from '../detector.ts';
import { guessingByService } from './by-protocol/plain.ts';
import { bruteRdp } from './by-protocol/rdp.ts';
import { bruteSip } from './by-protocol/sip.ts';
import { bruteSsh } from './by-protocol/ssh.ts';
import { bruteHttp } from './by-protocol/web.ts';
import { bruteDistributed } from './distributed.ts';
import { failedLogin } from './failed-login.ts';
import { bruteSpray } from './spray.ts';
import { bruteSuccess } from './success.ts';

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const logins: readonly Detector<any>[] = [
  bruteSsh,
  ...guessingByService,
  bruteRdp,
  bruteHttp,
  bruteSip,
  bruteSpray,
  bruteSuccess,
  bruteDistributed,
  failedLogin,
];
