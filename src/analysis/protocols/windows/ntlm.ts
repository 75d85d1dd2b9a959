// NTLM logins (MS-NLMP) as they are carried inside of SMB, LDAP, HTTP, RDP and others. Names are kept, hashes never read.
//
//    'NTLMSSP' 0 | type (1 offer, 2 challenge, 3 answer) | fields: length, room, offset of what follows behind

import { type EventOf, flag, hasAscii, text, u16le, u32le, wireText } from '../../../core/index.ts';
import { defineProtocol } from '../protocol.ts';
import { utf16Text } from './utf16.ts';

/** Names the client answers with. */
export interface NtlmAnswer {
  readonly domain: string;
  readonly user: string;
  readonly host: string;
  /** Such as `10.0 build 10586 rev 15`; undefined when it was not sent. */
  readonly version: string | undefined;
}

/** Names the server tells of itself. */
export interface NtlmChallenge {
  netbiosName?: string;
  dnsName?: string;
  treeName?: string;
}

export interface NtlmMessage {
  /** 1 offer, 2 challenge, 3 answer. */
  readonly type: number;
  readonly challenge?: NtlmChallenge;
  readonly answer?: NtlmAnswer;
}

const signature = 'NTLMSSP\0';
/** Bytes of a token that are searched for the signature. */
const searchLimit = 1024;
const pairLimit = 32;
const unicodeFlag = 1;
const versionFlag = 0x0200_0000;

/** Position of an NTLM message inside of a token (bare or wrapped in SPNEGO), -1 when there is none. */
export function findNtlm(b: Uint8Array, at: number, end: number): number {
  const last = Math.min(end - 12, at + searchLimit);
  for (let o = at; o <= last; o++) if (b[o] === 0x4e && hasAscii(b, o, end, signature)) return o;
  return -1;
}

/** The message at `at`; null when it is cut short or of a type unknown. */
export function readNtlm(b: Uint8Array, at: number, end: number): NtlmMessage | null {
  if (end - at < 12 || !hasAscii(b, at, end, signature)) return null;
  const type = u32le(b, at + 8);
  if (type === 1) return { type };
  if (type === 2) return { type, challenge: readChallenge(b, at, end) };
  const answer = type === 3 ? readAnswer(b, at, end) : null;
  return answer === null ? null : { type, answer };
}

function readAnswer(b: Uint8Array, at: number, end: number): NtlmAnswer | null {
  if (end - at < 52) return null;
  const flags = end - at >= 64 ? u32le(b, at + 60) : unicodeFlag;
  const isUnicode = (flags & unicodeFlag) !== 0;
  const version = (flags & versionFlag) !== 0 && end - at >= 72 ? versionText(b, at + 64) : undefined;
  return {
    domain: fieldText(b, at, end, 28, isUnicode),
    user: fieldText(b, at, end, 36, isUnicode),
    host: fieldText(b, at, end, 44, isUnicode),
    version,
  };
}

const versionText = (b: Uint8Array, o: number): string =>
  `${b[o]}.${b[o + 1]} build ${u16le(b, o + 2)} rev ${b[o + 7]}`;

function fieldText(b: Uint8Array, at: number, end: number, field: number, isUnicode: boolean): string {
  const from = at + u32le(b, at + field + 4);
  const to = from + u16le(b, at + field);
  if (to > end) return '';
  return isUnicode ? utf16Text(b, from, to) : wireText(b, from, to);
}

/** Names are in the target information: pairs of kind (2 bytes), length (2 bytes) and UTF-16 text. */
function readChallenge(b: Uint8Array, at: number, end: number): NtlmChallenge {
  const names: NtlmChallenge = {};
  if (end - at < 48) return names;
  let o = at + u32le(b, at + 44);
  const last = Math.min(end, o + u16le(b, at + 40));
  for (let pairs = 0; pairs < pairLimit && last - o >= 4; pairs++) {
    const kind = u16le(b, o);
    const to = o + 4 + u16le(b, o + 2);
    if (kind === 0 || to > last) break;
    if (kind === 1) names.netbiosName = utf16Text(b, o + 4, to);
    else if (kind === 3) names.dnsName = utf16Text(b, o + 4, to);
    else if (kind === 5) names.treeName = utf16Text(b, o + 4, to);
    o = to;
  }
  return names;
}

/** A login by NTLM, told by the protocol that carries it. */
export const ntlm = defineProtocol({
  name: 'ntlm',
  title: 'NTLM login',
  family: 'login',
  zeekLog: 'ntlm',
  zeekService: 'ntlm',
  fields: {
    user: text('User', { zeek: 'username', filter: 'ntlmssp.auth.username' }),
    host: text('Workstation', { zeek: 'hostname', filter: 'ntlmssp.auth.hostname' }),
    domain: text('Domain', { zeek: 'domainname', filter: 'ntlmssp.auth.domain' }),
    serverNetbiosName: text('NetBIOS name of the server', { zeek: 'server_nb_computer_name' }),
    serverDnsName: text('DNS name of the server', { zeek: 'server_dns_computer_name' }),
    serverTree: text('Domain tree of the server', { zeek: 'server_tree_name' }),
    isSuccess: flag('Login succeeded', { zeek: 'success' }),
    version: text('Version of the client', {}),
  },
});

/** The two halves of a login put together. Left out: what was not told, or empty. */
export function ntlmLogin(
  challenge: NtlmChallenge | null,
  answer: NtlmAnswer,
  isSuccess: boolean | undefined,
): EventOf<typeof ntlm.fields> {
  const login: EventOf<typeof ntlm.fields> = {};
  if (answer.user !== '') login.user = answer.user;
  if (answer.host !== '') login.host = answer.host;
  if (answer.domain !== '') login.domain = answer.domain;
  if (challenge?.netbiosName !== undefined) login.serverNetbiosName = challenge.netbiosName;
  if (challenge?.dnsName !== undefined) login.serverDnsName = challenge.dnsName;
  if (challenge?.treeName !== undefined) login.serverTree = challenge.treeName;
  if (isSuccess !== undefined) login.isSuccess = isSuccess;
  if (answer.version !== undefined) login.version = answer.version;
  return login;
}
