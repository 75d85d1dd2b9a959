// Texts without addresses and names: what looks like one, or is known to be one, gets another that is the same each time.

import { createHmac } from 'node:crypto';
import { isIP } from 'node:net';
import { otherAddress, otherMac, plainAddress } from './addresses.ts';

const mac = /(?<![0-9a-f:.-])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![0-9a-f:-])/gi;
/** Anything of hex digits, colons and points that could be an address; judged by the whole. */
const address =
  /(?<![0-9a-z_.:])(?:[0-9a-f]{0,4}:){2,7}(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{0,4})|(?<![0-9.])\d{1,3}(?:\.\d{1,3}){3}(?![0-9.]*\d)/gi;
/** Names with points, mail addresses, places of files and of the web. */
const nameLike =
  /[a-z][a-z0-9+.-]*:\/\/[^\s"'”’)]+|[\p{L}\p{N}_~%+-]+@[\p{L}\p{N}._-]+|(?<![\p{L}\p{N}_.-])[\p{L}\p{N}_*-]+(?:\.[\p{L}\p{N}_*-]+)+|(?:\\\\|\/)[^\s"'”’,;]{2,}/giu;
const quotes = /"[^"]*"|“[^”]*”|‘[^’]*’|'[^']{2,}'/g;
const word = /[\p{L}\p{N}_.-]+/gu;

export class Redactor {
  private readonly pseudonyms = new Map<string, string>();
  /** Lower case. */
  private readonly names = new Set<string>();
  private readonly phrases: string[] = [];
  private readonly vocabulary: ReadonlySet<string>;
  readonly #key: Buffer;

  /** @param vocabulary our own words, such as names of detectors: nothing to hide */
  constructor(key: Buffer, vocabulary: Iterable<string>) {
    this.#key = key;
    this.vocabulary = new Set([...vocabulary].map((each) => each.toLowerCase()));
  }

  /** This is a name: it is replaced wherever it stands alone. */
  learn(name: string): void {
    const lower = name.toLowerCase();
    if (lower.length < 3 || this.vocabulary.has(lower) || /^[\d.,]+$/.test(lower) || isIP(name) !== 0) return;
    if (this.names.has(lower)) return;
    this.names.add(lower);
    if (/[^\p{L}\p{N}_.-]/u.test(lower)) this.phrases.push(lower);
  }

  /** Names that are known by now, lower case. */
  known(): ReadonlySet<string> {
    return this.names;
  }

  /** A whole value that is a name or an address. */
  name(text: string): string {
    if (text === '' || this.vocabulary.has(text.toLowerCase())) return text;
    if (isIP(text) !== 0) return otherAddress(plainAddress(text.toLowerCase()), this.#key);
    if (/^(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}$/i.test(text)) return otherMac(text, this.#key);
    const lower = text.toLowerCase();
    const known = this.pseudonyms.get(lower);
    if (known !== undefined) return known;
    const made = `name-${this.pseudonyms.size + 1}${/^[^\s]+\.[^\s]+$/.test(text) ? '.example' : ''}`;
    this.pseudonyms.set(lower, made);
    return made;
  }

  /** A name that says nothing: the same text gives the same digits. */
  digits(text: string, length: number): string {
    return createHmac('sha256', this.#key).update(`id:${text}`).digest('hex').slice(0, length);
  }

  /** A sentence or a filter: everything in it that is, or could be, an address or a name. */
  sentence(text: string): string {
    let rest = text.replace(quotes, (quoted) => this.quoted(quoted));
    for (const phrase of this.phrases) rest = this.withoutPhrase(rest, phrase);
    return rest
      .replace(mac, (found) => otherMac(found, this.#key))
      .replace(address, (found) => this.address(found))
      .replace(nameLike, (found) => (this.isOwn(found) ? found : this.name(found)))
      .replace(word, (found) =>
        this.names.has(found.toLowerCase()) && !this.isMade(found) ? this.name(found) : found,
      );
  }

  private quoted(text: string): string {
    const inner = text.slice(1, -1);
    if (inner === '' || this.vocabulary.has(inner.toLowerCase())) return text;
    return `${text[0]}${this.name(inner)}${text.at(-1)}`;
  }

  private withoutPhrase(text: string, phrase: string): string {
    const at = text.toLowerCase().indexOf(phrase);
    if (at === -1) return text;
    const after = this.withoutPhrase(text.slice(at + phrase.length), phrase);
    return `${text.slice(0, at)}${this.name(phrase)}${after}`;
  }

  private address(found: string): string {
    // A colon behind it belongs to the sentence.
    const text = isIP(found) === 0 && isIP(found.replace(/:$/, '')) !== 0 ? found.replace(/:$/, '') : found;
    if (isIP(text) === 0) return found;
    return otherAddress(plainAddress(text.toLowerCase()), this.#key) + found.slice(text.length);
  }

  /** Addresses were done before; fields of filters and names of ours tell nothing. */
  private isOwn(found: string): boolean {
    if (isIP(found) !== 0 || this.isMade(found) || /^[\d.]+$/.test(found)) return true;
    const lower = found.toLowerCase();
    if (this.vocabulary.has(lower)) return true;
    return (
      /^(ip|ipv6|tcp|udp|eth|dns|http|tls|quic|icmp|icmpv6|arp|frame|x509ce|ssh|smb2?|dhcp|ftp|smtp|kerberos|ntlmssp|_ws)\.[a-z0-9_.]+$/.test(
        lower,
      ) && !this.names.has(lower)
    );
  }

  private isMade(found: string): boolean {
    return /^name-\d+(\.example)?$/.test(found);
  }
}
