// What contradicts a protocol, as events: EVE's `anomaly`, Zeek's weird.log.

import { text } from '../../core/index.ts';
import { defineProtocol } from '../protocols/protocol.ts';

export const weird = defineProtocol({
  name: 'weird',
  title: 'Contradictions to a protocol',
  family: 'other',
  eveType: 'anomaly',
  zeekLog: 'weird',
  fields: {
    type: text('Kind of contradiction', { eve: 'anomaly.type' }),
    name: text('What was found', { eve: 'anomaly.event', zeek: 'name' }),
    layer: text('Where it was found', { eve: 'anomaly.layer' }),
    protocol: text('Protocol that was spoken', { eve: 'app_proto', zeek: 'source' }),
    detail: text('The value that contradicts', { zeek: 'addl' }),
  },
});

/** What says something of the user's key log, not of the traffic: counted, and not told of every flow. */
export const countedOnly: ReadonlySet<string> = new Set(['tls_no_key']);
