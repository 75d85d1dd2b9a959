// Tables of a store that keeps one kind of event.

import { type FactKind, text } from '../../../core/index.ts';
import { eventTable, storeTables } from '../../../output/store/index.ts';

const kind: FactKind = {
  name: 'dns',
  title: 'DNS',
  fields: { query: text('Name asked for', { filter: 'dns.qry.name' }) },
};

export const dnsLike = eventTable(kind);
export const withDns = storeTables([kind]).map((table) => (table.name === 'dns' ? dnsLike : table));
