// Conversations that look like a machine reporting to its master.

import type { Detector } from '../detector.ts';
import { fingerprint } from './signs/fingerprint.ts';
import { front } from './signs/front.ts';
import { ircBot } from './signs/irc-bot.ts';
import { mining } from './signs/mining.ts';
import { reverseShell } from './signs/reverse-shell.ts';
import { stealer } from './signs/stealer.ts';
import { beacon } from './timing/beacon.ts';
import { inflow } from './timing/inflow.ts';
import { longTalk } from './timing/long.ts';
import { reconnect } from './timing/reconnect.ts';
import { strobe } from './timing/strobe.ts';
import { proxy, tor, vpn } from './traffic/hidden.ts';
import { noDns } from './traffic/no-dns.ts';
import { portMismatch } from './traffic/port-mismatch.ts';

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const c2: readonly Detector<any>[] = [
  beacon,
  inflow,
  longTalk,
  strobe,
  reconnect,
  noDns,
  tor,
  proxy,
  vpn,
  mining,
  front,
  reverseShell,
  fingerprint,
  stealer,
  ircBot,
  portMismatch,
];
