// Traffic inside traffic that should not carry any.

import type { Detector } from '../detector.ts';
import { httpConnect } from './http-connect.ts';
import { icmpTunnel } from './icmp.ts';
import { unexpectedTunnel } from './unexpected.ts';

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const tunnels: readonly Detector<any>[] = [icmpTunnel, unexpectedTunnel, httpConnect];
