// Proves that EVE's words of a flow tell what it spoke last and what before, and not what was carried inside.

import { expect, it } from 'vitest';
import { protocols } from '../../../analysis/protocols/index.ts';
import { nameBits, Probing, weird } from '../../../analysis/talks/index.ts';
import { Flow } from '../../../core/index.ts';
import { FlowNames } from './flow-names.ts';

const probing = new Probing([...protocols, weird]);

function filled(...names: string[]): Flow {
  const flow = new Flow();
  const word = names.reduce((all, name, i) => all | (probing.numberOf(name) << (i * nameBits)), 0);
  new FlowNames().fill(flow, word, 0);
  return flow;
}

it.each([
  [['http'], 'http', ''],
  [['postgresql', 'tls'], 'tls', 'pgsql'],
  [['smtp', 'tls', 'smtp'], 'tls', 'smtp'],
  [['http', 'websocket'], 'websocket', 'http'],
  // Decrypted, or answered by a login inside: the flow goes on being what it was.
  [['tls', 'http2'], 'tls', ''],
  [['rdp', 'tls'], 'rdp', ''],
  [['http', 'tls', 'http2'], 'tls', 'http'],
])('%j', (names, last, before) => {
  const { eveApp, eveAppBefore, app } = filled(...names);
  expect([app, eveApp, eveAppBefore]).toEqual([names[0], last, before]);
});

it('forgets the flow before', () => {
  const flow = filled('http', 'tls');
  new FlowNames().fill(flow, 0, 0);
  expect([flow.eveApp, flow.eveAppBefore]).toEqual(['', '']);
});
