// Devices, hosts and services that were never here.

import type { Detector } from '../detector.ts';
import { newDevice } from './new-device.ts';
import { newHost } from './new-host.ts';
import { newService } from './new-port.ts';

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const arrivals: readonly Detector<any>[] = [newDevice, newHost, newService];
