// Records as EVE lists them: `rdata` by record for DNS, a key per type for mDNS and LLMNR.

import { type AnyEvent, ipv4Text, wireText } from '../../../core/index.ts';
import type { Message, Question, ResourceRecord } from './message.ts';
import { dataText, nameData, optionsData, soaData, srvData, sshfpData, textsData, wideIpv6 } from './record-data.ts';
import { typeName } from './record-types.ts';

export type Section = 'answers' | 'authorities' | 'additionals';

/** Bytes shown of a NULL record. */
const nullLimit = 1024;

/** Questions of a message; types in lower case where the protocol has them so. */
export function eveQueries(questions: readonly Question[], isLower = false): AnyEvent[] {
  const all: AnyEvent[] = [];
  for (const one of questions) {
    const type = typeName(one.type);
    const query: AnyEvent = { rrname: one.name, rrtype: isLower ? type.toLowerCase() : type };
    if (one.isTruncated) query.rrname_truncated = true;
    all.push(query);
  }
  return all;
}

/** Records with their data in `rdata`, `soa`, `srv`, `sshfp` or `opt`; strings of TXT one by one. */
export function eveRecords(b: Uint8Array, message: Message, section: Section): AnyEvent[] {
  const all: AnyEvent[] = [];
  for (const record of message[section]) {
    const one: AnyEvent = { rrname: record.name, rrtype: typeName(record.type), ttl: record.ttlSec };
    if (record.type === 16) {
      for (const rdata of textsData(b, record)) all.push({ ...one, rdata });
      continue;
    }
    if (record.type === 41) {
      const opt = optionsData(b, record);
      if (opt.length === 0 || section !== 'additionals') continue;
      one.opt = opt;
    } else addData(one, b, message.base, record, section);
    all.push(one);
  }
  return all;
}

function addData(one: AnyEvent, b: Uint8Array, base: number, record: ResourceRecord, section: Section): void {
  if (record.type === 6 && section !== 'additionals') {
    const soa = soaData(b, base, record);
    if (soa !== null) one.soa = soa;
    return;
  }
  if (record.type === 33 && section === 'answers') {
    const srv = srvData(b, base, record);
    if (srv !== null) one.srv = srv;
    return;
  }
  if (record.type === 44 && section === 'answers') {
    const sshfp = sshfpData(b, record);
    if (sshfp !== null) one.sshfp = sshfp;
    return;
  }
  const rdata = plainData(b, base, record);
  if (rdata !== null) one.rdata = rdata;
}

/** Data that fits into one text; null when it is broken or there is none. */
function plainData(b: Uint8Array, base: number, record: ResourceRecord): string | null {
  const { at, end } = record;
  switch (record.type) {
    case 1:
      return end - at === 4 ? ipv4Text(b, at) : null;
    case 28:
      return end - at === 16 ? wideIpv6(b, at) : null;
    case 2:
    case 5:
    case 12:
      return nameData(b, base, record);
    case 15:
      return nameData(b, base, record, 2);
    case 6: {
      const soa = soaData(b, base, record);
      return soa === null ? null : Object.values(soa).join(' ');
    }
    case 10:
      return wireText(b, at, Math.min(end, at + nullLimit));
    case 33: {
      const srv = srvData(b, base, record);
      return srv === null ? null : `${srv.priority} ${srv.weight} ${srv.port} ${srv.name}`;
    }
    case 44: {
      const sshfp = sshfpData(b, record);
      return sshfp === null ? null : `${sshfp.algo} ${sshfp.type} ${sshfp.fingerprint}`;
    }
    default:
      return dataText(b, base, record) || null;
  }
}

const groupedTypes = new Set(['A', 'AAAA', 'CNAME', 'MX', 'NS', 'NULL', 'PTR', 'SOA', 'SRV', 'SSHFP', 'TXT']);

/** The data of answers by type, as EVE's `grouped`; `answers` as {@link eveRecords} gives them. */
export function grouped(answers: readonly AnyEvent[], without = ''): AnyEvent {
  const groups: AnyEvent = {};
  for (const one of answers) {
    const type = one.rrtype as string;
    const data = one.rdata ?? one.soa ?? one.srv ?? one.sshfp;
    if (data === undefined || !groupedTypes.has(type) || without.includes(type)) continue;
    const group = groups[type] as unknown[] | undefined;
    if (group === undefined) groups[type] = [data];
    else group.push(data);
  }
  return groups;
}

/** Keys that LLMNR has in each section; other types go to `unknown`. */
const keyed: Readonly<Record<Section, ReadonlySet<string>>> = {
  answers: new Set(['a', 'aaaa', 'cname', 'mx', 'ns', 'null', 'ptr', 'soa', 'srv', 'sshfp', 'txt']),
  authorities: new Set(['a', 'aaaa', 'cname', 'mx', 'ns', 'null', 'ptr', 'soa', 'txt']),
  additionals: new Set(['a', 'aaaa', 'cname', 'mx', 'ns', 'null', 'ptr', 'opt', 'txt']),
};

/** Records with their data under the name of their type in lower case. */
export function keyedRecords(b: Uint8Array, message: Message, section: Section): AnyEvent[] {
  const all: AnyEvent[] = [];
  for (const record of message[section]) {
    const key = typeName(record.type).toLowerCase();
    const one: AnyEvent = { rrname: record.name, rrtype: key, ttl: record.ttlSec };
    if (key === 'opt' && record.at === record.end) continue;
    const data = keyed[section].has(key) ? keyedData(b, message.base, record) : dataText(b, message.base, record);
    if (data !== null && data !== '') one[keyed[section].has(key) ? key : 'unknown'] = data;
    all.push(one);
  }
  return all;
}

function keyedData(b: Uint8Array, base: number, record: ResourceRecord): unknown {
  switch (record.type) {
    case 6:
      return soaData(b, base, record);
    case 16:
      return textsData(b, record);
    case 33:
      return srvData(b, base, record);
    case 41:
      return optionsData(b, record);
    case 44:
      return sshfpData(b, record);
    default:
      return plainData(b, base, record);
  }
}

/** All records of an mDNS section as EVE's schema has them: the name, and data of PTR and TXT. */
export function mdnsRecords(b: Uint8Array, message: Message, section: Section): AnyEvent[] {
  const all: AnyEvent[] = [];
  for (const record of message[section]) {
    if (record.type === 41) continue;
    const one: AnyEvent = { rrname: record.name };
    if (record.type === 12 && section !== 'authorities') one.ptr = nameData(b, message.base, record) ?? '';
    if (record.type === 16 && section !== 'authorities') one.txt = textsData(b, record);
    all.push(one);
  }
  return all;
}
