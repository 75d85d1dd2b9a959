// What a line of a threat list names: an address, a network, a domain, a URL, a hash or a fingerprint.

import { type NetworkWords, parseNetwork } from '../../../core/index.ts';

export type IndicatorKind = 'address' | 'network' | 'domain' | 'url' | 'hash' | 'fingerprint';

export interface Indicator {
  readonly kind: IndicatorKind;
  /** In the one form in which it is looked up. */
  readonly text: string;
  /** An address or network, read. */
  readonly net?: NetworkWords;
}

/** Characters of an indicator that are looked at; longer ones are cut nowhere and match nothing. */
const longest = 2048;

const label = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?';
const domainShape = new RegExp(`^(?:${label}\\.){1,16}(?:xn--[a-z0-9-]{1,58}|[a-z]{2,24})$`);
const hexHash = /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/;
const colonHash = /^[0-9a-f]{2}(?::[0-9a-f]{2}){15,31}$/;
/** JA4 and its relatives: three parts with an underscore between (FoxIO technical details). */
const ja4 = /^[tqd][0-9a-z]{2}[di][0-9]{4}[0-9a-z]{2}_[0-9a-f]{12}_[0-9a-f]{12}$/;
/** What an address with a port consists of. */
const addressSigns = /^[0-9a-f.:]{3,60}$/i;
const withPort = /^(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$/;
const base64 = /^[A-Za-z0-9+/]{8,}={0,2}$/;

/** Host and target without scheme, user, usual port and fragment: `example.com/a?b`. Null when there is no host. */
export function plainUrl(text: string): string | null {
  if (text.length > longest) return null;
  const scheme = text.indexOf('://');
  const rest = scheme < 0 ? text : text.slice(scheme + 3);
  const hash = rest.indexOf('#');
  const whole = hash < 0 ? rest : rest.slice(0, hash);
  const slash = whole.search(/[/?]/);
  const authority = slash < 0 ? whole : whole.slice(0, slash);
  const host = authority
    .slice(authority.lastIndexOf('@') + 1)
    .toLowerCase()
    .replace(/:(?:80|443)$/, '');
  if (host === '' || /\s/.test(whole)) return null;
  const target = slash < 0 ? '/' : whole.slice(slash);
  return `${host}${target.startsWith('/') ? '' : '/'}${target}`;
}

/** `example.com` of `*.Example.com.`, `.example.com` and `||example.com^`; null when it is no domain with a dot. */
export function plainDomain(text: string): string | null {
  const name = text
    .toLowerCase()
    .replace(/^(?:\|\||\*\.|\.)/, '')
    .replace(/[.^]$/, '');
  return name.length <= 253 && domainShape.test(name) ? name : null;
}

/** The hash in plain hexadecimal digits; null when it is none. */
export function plainHash(text: string): string | null {
  const lower = text.toLowerCase();
  if (colonHash.test(lower)) return plainHash(lower.replaceAll(':', ''));
  return hexHash.test(lower) ? lower : null;
}

/** Guesses what a word of a list is; null when it is nothing that can be looked for. */
export function guessIndicator(text: string, isDecoded = false): Indicator | null {
  if (text.length < 3 || text.length > longest) return null;
  if (addressSigns.test(text)) {
    const plain = text.includes('.') && text.includes(':') ? (withPort.exec(text)?.[1] ?? text) : text;
    const net = parseNetwork(plain);
    if (net !== null) return { kind: 'address', text: plain.toLowerCase(), net };
  }
  const net = text.includes('/') ? parseNetwork(text) : null;
  if (net !== null) return networkOf(text, net);
  const hash = plainHash(text);
  if (hash !== null) return { kind: 'hash', text: hash };
  const lower = text.toLowerCase();
  if (ja4.test(lower)) return { kind: 'fingerprint', text: lower };
  const domain = plainDomain(text);
  if (domain !== null) return { kind: 'domain', text: domain };
  const slash = text.indexOf('/');
  if (text.includes('://') || (slash > 3 && text.slice(0, slash).includes('.'))) {
    const url = plainUrl(text);
    return url === null ? null : { kind: 'url', text: url };
  }
  return isDecoded ? null : guessDecoded(text);
}

/** A network of one host is its address. */
function networkOf(text: string, net: NetworkWords): Indicator {
  const isHost = net.bits === (net.ipVersion === 4 ? 32 : 128);
  return isHost
    ? { kind: 'address', text: text.toLowerCase().split('/')[0], net }
    : { kind: 'network', text: text.toLowerCase(), net };
}

/** Strings of Suricata's datasets are base64. */
function guessDecoded(text: string): Indicator | null {
  if (text.length % 4 !== 0 || !base64.test(text)) return null;
  let decoded: string;
  try {
    decoded = atob(text);
  } catch {
    return null;
  }
  return /^[\x21-\x7e]+$/.test(decoded) ? guessIndicator(decoded, true) : null;
}
