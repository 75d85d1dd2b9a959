// nDPI's form of JA4: where it differs from FoxIO's specification by habit, the habit is a rule here and the rest must agree.

/** What a fingerprint was made of, as far as the habits ask. */
export interface Hello {
  readonly sni: string;
  readonly alpn: readonly string[];
  /** As EVE writes the highest one offered; '' of QUIC. */
  readonly version: string;
}

export interface Habit {
  readonly name: string;
  readonly because: string;
  /** Gives the fingerprint as nDPI would print it in this respect. */
  readonly of: (ja4: string, hello: Hello) => string;
}

const emptyDigest = 'e3b0c44298fc';

export const habits: readonly Habit[] = [
  {
    name: 'alpn',
    because:
      'marks the protocol by the first two characters of its name, the specification by the first and the last; a name of two characters that is the only one loses its second',
    of: (ja4, { alpn: [first, second] }) => {
      if (first === undefined) return ja4;
      const mark = second === undefined && first.length === 2 ? `${first[0]}0` : first.slice(0, 2);
      return ja4.slice(0, 8) + mark + ja4.slice(10);
    },
  },
  {
    name: 'name',
    because:
      'writes i when the name asked for is a numeric address and else d, the specification i when no name was asked for',
    of: (ja4, { sni }) => `${ja4.slice(0, 3)}${/^[\d.]+$/.test(sni) ? 'i' : 'd'}${ja4.slice(4)}`,
  },
  {
    name: 'empty',
    because: 'writes the digest of nothing for an empty list, the specification twelve zeroes',
    of: (ja4) => ja4.replaceAll('000000000000', emptyDigest),
  },
  {
    name: 'old dtls',
    because: 'writes s3 for the version 0x0100 of DTLS before its standard, which the specification does not know',
    of: (ja4, { version }) => (ja4[0] === 'd' && version === 'UNDETERMINED' ? `${ja4[0]}s3${ja4.slice(3)}` : ja4),
  },
];

/** Our fingerprint as nDPI would print it, and the habits that made a difference. */
export function ndpiForm({ value, hello }: { value: string; hello: Hello | null }): {
  value: string;
  served: string[];
} {
  const served: string[] = [];
  if (hello === null) return { value, served };
  let text = value;
  for (const { name, of } of habits) {
    const next = of(text, hello);
    if (next !== text) served.push(name);
    text = next;
  }
  return { value: text, served };
}
