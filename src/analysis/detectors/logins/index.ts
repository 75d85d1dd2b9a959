// Guessing of passwords, and accounts that are used by others.

import type { Detector } from '../detector.ts';
import { bruteRdp } from './by-service/rdp.ts';
import { guessingByService } from './by-service/services.ts';
import { bruteSip } from './by-service/sip.ts';
import { bruteSsh } from './by-service/ssh.ts';
import { bruteHttp } from './by-service/web.ts';
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
