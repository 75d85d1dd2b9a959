// Lines of threat lists: plain ones, hosts files and CSV, datasets of Suricata, and intelligence files of Zeek.
//
//   plain     1.2.3.4 | 10.0.0.0/8 ; note | evil.example # note | 0.0.0.0 evil.example | "2024-01-01","1.2.3.4:443"
//   dataset   ZXZpbC5leGFtcGxl,5 | <md5> | <sha256>,value
//   Zeek      #fields indicator indicator_type meta.source meta.desc      (tabs between)
//             1.2.3.4 Intel::ADDR source text

import { guessIndicator, type Indicator, plainDomain, plainHash, plainUrl } from './indicators.ts';

/** A longer line is none of a list. */
const lineLimit = 8192;
/** Columns of a line in which an indicator is looked for. */
const columnLimit = 6;

export interface ListLine extends Indicator {
  /** Where Zeek's file says it comes from; empty otherwise. */
  readonly source: string;
}

/** Reads one list, line by line. */
export class ListText {
  #columns: readonly string[] | null = null;
  /** Lines that name nothing that can be looked for. */
  ignored = 0;
  /** What the list says of itself, 0..1: a line `# confidence: 80`. */
  confidence = 0.8;

  /** The indicator of a line; null when there is none. */
  read(line: string): ListLine | null {
    if (line.length > lineLimit) return this.#nothing();
    const text = line.trim();
    if (text === '' || text.startsWith(';') || text.startsWith('//') || text.startsWith('!')) return null;
    if (text.startsWith('#')) {
      this.#comment(text);
      return null;
    }
    const found = this.#columns === null ? readPlain(text) : readZeek(line.split('\t'), this.#columns);
    return found ?? this.#nothing();
  }

  #nothing(): null {
    this.ignored++;
    return null;
  }

  #comment(text: string): void {
    if (text.startsWith('#fields')) this.#columns = text.slice(7).trim().split(/\t| +/);
    const said = /^#\s*confidence\s*[:=]\s*(\d{1,3}(?:\.\d{1,4})?)/i.exec(text);
    if (said === null) return;
    const value = Number(said[1]);
    this.confidence = Math.min(1, value > 1 ? value / 100 : value);
  }
}

const separated = /[\s,;|"]/;
const hostsLine = /^(?:0\.0\.0\.0|127\.0\.0\.1|::1?)\s+(\S{3,253})/;

function readPlain(text: string): ListLine | null {
  if (!separated.test(text)) return plain(guessIndicator(text));
  const host = hostsLine.exec(text);
  if (host !== null) return plain(guessIndicator(host[1]));
  const first = text.split(/\s/, 1)[0];
  // A URL may hold whatever separates columns.
  if (first.includes('://') && !first.startsWith('"')) return plain(guessIndicator(first));
  const columns = text.replace(/\s[#;].*$/, '').split(/[,;\t|]|\s+/, 4 * columnLimit);
  let looked = 0;
  for (const column of columns) {
    const word = column.replace(/^"|"$/g, '');
    if (word === '') continue;
    if (looked++ >= columnLimit) break;
    const found = guessIndicator(word);
    if (found !== null) return plain(found);
  }
  return null;
}

const plain = (found: Indicator | null): ListLine | null => (found === null ? null : { ...found, source: '' });

const zeekKinds: Readonly<Record<string, (text: string) => Indicator | null>> = {
  'Intel::ADDR': (text) => only(guessIndicator(text), 'address'),
  'Intel::SUBNET': (text) => only(guessIndicator(text), 'network', 'address'),
  'Intel::DOMAIN': (text) => as('domain', plainDomain(text)),
  'Intel::URL': (text) => as('url', plainUrl(text)),
  'Intel::FILE_HASH': (text) => as('hash', plainHash(text)),
  'Intel::CERT_HASH': (text) => as('hash', plainHash(text)),
  'Intel::JA3': (text) => as('hash', plainHash(text)),
  'Intel::HASSH': (text) => as('hash', plainHash(text)),
  'Intel::JA4': (text) => only(guessIndicator(text), 'fingerprint'),
};

function readZeek(cells: readonly string[], columns: readonly string[]): ListLine | null {
  const cell = (name: string): string => cells[columns.indexOf(name)]?.trim() ?? '';
  const read = zeekKinds[cell('indicator_type')];
  const found = read?.(cell('indicator')) ?? null;
  const source = cell('meta.source');
  return found === null ? null : { ...found, source: source === '-' ? '' : source.slice(0, 80) };
}

const as = (kind: Indicator['kind'], text: string | null): Indicator | null => (text === null ? null : { kind, text });

function only(found: Indicator | null, ...kinds: Indicator['kind'][]): Indicator | null {
  return found !== null && kinds.includes(found.kind) ? found : null;
}
