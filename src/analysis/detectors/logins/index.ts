// Guessing of passwords, and accounts that are used by others.

import type { Detector } from '../detector.ts';
import { bruteDistributed } from './distributed.ts';
import { failedLogin } from './failed-login.ts';
import { bruteRdp } from './rdp.ts';
import { guessingByService } from './services.ts';
import { bruteSip } from './sip.ts';
import { bruteSpray } from './spray.ts';
import { bruteSsh } from './ssh.ts';
import { bruteSuccess } from './success.ts';
import { bruteHttp } from './web.ts';

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
