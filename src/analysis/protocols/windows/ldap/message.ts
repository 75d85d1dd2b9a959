// Reads LDAP messages (RFC 4511) into what EVE tells of them. Passwords and SASL proofs are never taken over.
//
//    SEQUENCE { id INTEGER, operation [application n], controls [0] }

import { hexText, masked, wireText } from '../../../../core/index.ts';
import { type BerElement, berFlag, berInteger, berText, element, findElement } from '../ber.ts';
import { readSecurityToken, type SecurityToken } from '../spnego.ts';
import { filterText } from './filter.ts';
import { isSecretAttribute, operationNames, passwordModify, resultWord } from './names.ts';

/** How a client proves who it is. */
export type BindKind = 'simple' | 'SASL' | 'other';

export interface LdapMessage {
  readonly id: number;
  /** Application tag, as in operationNames. */
  readonly operation: number;
  /** Parts as EVE nests them, under the operation's name. */
  readonly parts: Record<string, unknown>;
  /** Result code of a response; NaN when there is none. */
  result: number;
  diagnostic: string;
  /** Name bound as, OID of an extended operation. */
  object: string;
  version: number;
  bind: BindKind | null;
  mechanism: string;
  token: SecurityToken | null;
  /** Of a search. */
  scope: number;
  deref: number;
  filter: string;
}

const attributeLimit = 32;
const valueLimit = 16;
const valueBytes = 256;
const changeLimit = 32;

/** The message whose SEQUENCE is given; null when it is none. */
export function readLdap(b: Uint8Array, whole: BerElement): LdapMessage | null {
  const id = element(b, whole.at, whole.end);
  if (id === null || id.tag !== 0x02) return null;
  const body = element(b, id.next, whole.end);
  if (body === null || (body.tag & 0xc0) !== 0x40) return null;
  const operation = body.tag & 0x1f;
  const number = berInteger(b, id);
  if (operationNames[operation] === undefined || Number.isNaN(number)) return null;
  const message: LdapMessage = {
    id: number,
    operation,
    parts: {},
    result: Number.NaN,
    diagnostic: '',
    object: '',
    version: 0,
    bind: null,
    mechanism: '',
    token: null,
    scope: -1,
    deref: -1,
    filter: '',
  };
  readOperation(b, body, message);
  return message;
}

function readOperation(b: Uint8Array, body: BerElement, message: LdapMessage): void {
  const { operation, parts } = message;
  if (operation === 0) readBind(b, body, message);
  else if (operation === 3) readSearch(b, body, message);
  else if (operation === 4) readEntry(b, body, parts, 'base_object', 'type');
  else if (operation === 6) readModify(b, body, parts);
  else if (operation === 8) readEntry(b, body, parts, 'entry', 'name');
  else if (operation === 10) parts.dn = berText(b, body);
  else if (operation === 12) readModifyDn(b, body, parts);
  else if (operation === 14) readCompare(b, body, parts);
  else if (operation === 16) setNumber(parts, 'message_id', berInteger(b, body));
  else if (operation === 23) readExtended(b, body, message);
  else if (operation === 25) readNamed(b, body, parts, 0x80, 0x81);
  else if (operation !== 2 && operation !== 19) readResult(b, body, message);
}

/** Version, name, then how: simple [0], SASL [3]. */
function readBind(b: Uint8Array, body: BerElement, message: LdapMessage): void {
  const version = element(b, body.at, body.end);
  const name = version === null ? null : element(b, version.next, body.end);
  const proof = name === null ? null : element(b, name.next, body.end);
  if (version === null || name === null) return;
  message.version = berInteger(b, version);
  message.object = berText(b, name);
  setNumber(message.parts, 'version', message.version);
  message.parts.name = message.object;
  if (proof === null) return;
  message.bind = proof.tag === 0x80 ? 'simple' : proof.tag === 0xa3 ? 'SASL' : 'other';
  if (proof.tag !== 0xa3) {
    // Microsoft's own ways ([9] to [11]) carry NTLM messages bare.
    if (proof.tag !== 0x80) message.token = readSecurityToken(b, proof.at, proof.end);
    return;
  }
  const mechanism = element(b, proof.at, proof.end);
  if (mechanism === null) return;
  message.mechanism = berText(b, mechanism, 64);
  const credentials = element(b, mechanism.next, proof.end);
  const sasl: Record<string, unknown> = { mechanism: message.mechanism };
  if (credentials !== null && credentials.end > credentials.at) {
    sasl.credentials = masked;
    message.token = readSecurityToken(b, credentials.at, credentials.end);
  }
  message.parts.sasl = sasl;
}

/** Base, scope, aliases, size limit, time limit, types only, filter, attributes. */
function readSearch(b: Uint8Array, body: BerElement, message: LdapMessage): void {
  const found: BerElement[] = [];
  let o = body.at;
  while (found.length < 8 && o < body.end) {
    const one = element(b, o, body.end);
    if (one === null) break;
    found.push(one);
    o = one.next;
  }
  if (found.length < 7) return;
  const [base, scope, deref, size, time, typesOnly, filter, attributes] = found;
  message.object = berText(b, base);
  message.scope = berInteger(b, scope);
  message.deref = berInteger(b, deref);
  message.filter = filterText(b, filter);
  const { parts } = message;
  parts.base_object = message.object;
  setNumber(parts, 'scope', message.scope);
  setNumber(parts, 'deref_alias', message.deref);
  setNumber(parts, 'size_limit', berInteger(b, size));
  setNumber(parts, 'time_limit', berInteger(b, time));
  parts.types_only = berFlag(b, typesOnly);
  const names = attributes === undefined ? [] : texts(b, attributes, attributeLimit);
  if (names.length > 0) parts.attributes = names;
}

/** A name and its attributes: what is added, and what is found. */
function readEntry(
  b: Uint8Array,
  body: BerElement,
  parts: Record<string, unknown>,
  nameKey: string,
  typeKey: string,
): void {
  const name = element(b, body.at, body.end);
  if (name === null) return;
  parts[nameKey] = berText(b, name);
  const list = element(b, name.next, body.end);
  const attributes: Record<string, unknown>[] = [];
  let o = list?.at ?? 0;
  while (list !== null && o < list.end && attributes.length < attributeLimit) {
    const one = element(b, o, list.end);
    if (one === null) break;
    const attribute = readAttribute(b, one, typeKey, 'values');
    if (attribute === null) break;
    attributes.push(attribute);
    o = one.next;
  }
  if (attributes.length > 0) parts.attributes = attributes;
}

function readAttribute(
  b: Uint8Array,
  one: BerElement,
  typeKey: string,
  valuesKey: string,
): Record<string, unknown> | null {
  const type = element(b, one.at, one.end);
  if (type === null) return null;
  const name = berText(b, type, 128);
  const attribute: Record<string, unknown> = { [typeKey]: name };
  const set = element(b, type.next, one.end);
  if (set === null || set.end === set.at) return attribute;
  const isSecret = isSecretAttribute(name);
  const values = isSecret ? [masked] : texts(b, set, valueLimit);
  if (values.length > 0) attribute[valuesKey] = values;
  return attribute;
}

const changeNames = ['add', 'delete', 'replace', 'increment'] as const;

function readModify(b: Uint8Array, body: BerElement, parts: Record<string, unknown>): void {
  const name = element(b, body.at, body.end);
  if (name === null) return;
  parts.object = berText(b, name);
  const list = element(b, name.next, body.end);
  const changes: Record<string, unknown>[] = [];
  let o = list?.at ?? 0;
  while (list !== null && o < list.end && changes.length < changeLimit) {
    const one = element(b, o, list.end);
    const kind = one === null ? null : element(b, one.at, one.end);
    const what = one === null || kind === null ? null : element(b, kind.next, one.end);
    if (one === null || kind === null || what === null) break;
    const modification = readAttribute(b, what, 'attribute_type', 'attribute_values');
    changes.push({
      operation: changeNames[berInteger(b, kind)] ?? 'unknown',
      ...(modification !== null && { modification }),
    });
    o = one.next;
  }
  if (changes.length > 0) parts.changes = changes;
}

function readModifyDn(b: Uint8Array, body: BerElement, parts: Record<string, unknown>): void {
  const entry = element(b, body.at, body.end);
  const name = entry === null ? null : element(b, entry.next, body.end);
  const old = name === null ? null : element(b, name.next, body.end);
  if (entry === null || name === null || old === null) return;
  parts.entry = berText(b, entry);
  parts.new_rdn = berText(b, name);
  parts.delete_old_rdn = berFlag(b, old);
  const superior = findElement(b, old.next, body.end, 0x80);
  if (superior !== null) parts.new_superior = berText(b, superior);
}

function readCompare(b: Uint8Array, body: BerElement, parts: Record<string, unknown>): void {
  const entry = element(b, body.at, body.end);
  const assertion = entry === null ? null : element(b, entry.next, body.end);
  const name = assertion === null ? null : element(b, assertion.at, assertion.end);
  const value = assertion === null || name === null ? null : element(b, name.next, assertion.end);
  if (entry === null || name === null) return;
  parts.entry = berText(b, entry);
  const description = berText(b, name, 128);
  const isSecret = isSecretAttribute(description);
  parts.attribute_value_assertion = {
    description,
    ...(value !== null && { value: isSecret ? masked : berText(b, value, valueBytes) }),
  };
}

function readExtended(b: Uint8Array, body: BerElement, message: LdapMessage): void {
  readNamed(b, body, message.parts, 0x80, 0x81);
  message.object = typeof message.parts.name === 'string' ? message.parts.name : '';
  if (message.object === passwordModify && message.parts.value !== undefined) message.parts.value = masked;
}

function readNamed(
  b: Uint8Array,
  body: BerElement,
  parts: Record<string, unknown>,
  nameTag: number,
  valueTag: number,
): void {
  const name = findElement(b, body.at, body.end, nameTag);
  const value = findElement(b, body.at, body.end, valueTag);
  if (name !== null) parts.name = berText(b, name, 128);
  if (value !== null) parts.value = octets(b, value);
}

/** Result code, matched name, message, then what the kind of response adds. */
function readResult(b: Uint8Array, body: BerElement, message: LdapMessage): void {
  const code = element(b, body.at, body.end);
  const matched = code === null ? null : element(b, code.next, body.end);
  const words = matched === null ? null : element(b, matched.next, body.end);
  if (code === null || matched === null || words === null) return;
  message.result = berInteger(b, code);
  message.diagnostic = berText(b, words);
  const { parts, operation } = message;
  parts.result_code = resultWord(message.result);
  parts.matched_dn = berText(b, matched);
  parts.message = message.diagnostic;
  if (operation === 24) {
    readNamed(b, { ...body, at: words.next }, parts, 0x8a, 0x8b);
    // Without a name it may be the password that the server has made up (RFC 3062); who one is (RFC 4532) is none.
    const isIdentity = typeof parts.value === 'string' && /^(?:dn|u):/.test(parts.value);
    if (parts.name === undefined && parts.value !== undefined && !isIdentity) parts.value = masked;
    message.object = typeof parts.name === 'string' ? parts.name : '';
  } else if (operation === 1) {
    const credentials = findElement(b, words.next, body.end, 0x87);
    if (credentials === null || credentials.end === credentials.at) return;
    parts.server_sasl_creds = masked;
    message.token = readSecurityToken(b, credentials.at, credentials.end);
  }
}

function setNumber(parts: Record<string, unknown>, key: string, value: number): void {
  if (!Number.isNaN(value)) parts[key] = value;
}

function texts(b: Uint8Array, list: BerElement, limit: number): string[] {
  const values: string[] = [];
  let o = list.at;
  while (o < list.end && values.length < limit) {
    const one = element(b, o, list.end);
    if (one === null) break;
    values.push(octets(b, one));
    o = one.next;
  }
  return values;
}

/** Text, or hexadecimal digits when most of it is none. */
function octets(b: Uint8Array, one: BerElement): string {
  const end = Math.min(one.end, one.at + valueBytes);
  let odd = 0;
  for (let o = one.at; o < end; o++) if (b[o] < 0x20 || b[o] === 0x7f) odd++;
  return odd * 4 > end - one.at ? hexText(b, one.at, end) : wireText(b, one.at, end);
}
