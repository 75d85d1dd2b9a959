// How much a label looks made up by a machine: mean bits of its letters under the pairs that names on the Internet have.
//
// The table was counted by us over 49,000 registered domains; a line for each first letter, a sign for each second one:
// -6 * log2 of how often it follows. Changes between letters and digits count as rare pairs, pairs of digits as usual ones.

const signs = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
// biome-ignore format: a line a letter
const pairs =
  'khaashiqb0nSbSkbpVTWhequig' + // a
  'SlehNxzwW4hXsiSs3XYoYyzvgo' + // b
  'MkneWlrRa8XWrrQt5ilej425r2' + // c
  'RkijPijnTtrlXXWn1ZYjgmltjs' + // d
  'aeZcdphmkynZfUeg1PTUrlihmq' + // e
  'VnghWSmqPvrblsRsrZkYb1qqiv' + // f
  'RnkjRlhcVprdkcUjvTbhbuoshi' + // g
  'RqnlOtstQ0olngRrwkbeUpfqn0' + // h
  'ZiXddmewwvkYcLchwXZWrj0mpq' + // i
  'RrrgTvurTprpZiNgroinSlquor' + // j
  'NmliRmqnSmeiddWh5cbjbwgqmv' + // k
  'QpefPuqrQ2hYmpTn5ueZZvvhiz' + // l
  'OcgmOqjsSwtofoVU4tcnhxwviz' + // m
  'YgaVShUoZtignfRl0rXVmqtxmt' + // n
  'ihgirfjqcxfaWQbd8TXZWfengo' + // o
  'RmcfRnqgY3sVppRZ2Vbfayutoz' + // p
  'ajjbkjimXjkjklohhhghHmjjhl' + // q
  'QkddRmhsV1ZhgcUk3kaYegvxht' + // r
  'ZnclTnoYQxjghmYavnYPdtozkz' + // s
  'TobuQosYS0rfkoSm8XWhbnkxft' + // t
  'bZgZanipargWaTna2WTVsrsloi' + // u
  'MzvwO0ojN4smjrWp8sekY1mqm1' + // v
  'RidpPsrcQypmqdSouoTnpybsnv' + // w
  'WQdoiYlpUdmlklabuqfbZinTfo' + // x
  'ThUhVkklfoobcgRgzlWYWrjolm' + // y
  'VmiYTprXQpegmnXhoohfbniicX'; // z
const bits = Float64Array.from(pairs, (sign) => signs.indexOf(sign) / 6);

const switchBits = 7;
const digitBits = 3.5;
/** Labels of DNS have 63 characters at the most (RFC 1035 §2.3.4); several may be given at once. */
const longest = 255;

const other = -1;
const digit = 26;

function classOf(code: number): number {
  if (code >= 97 && code <= 122) return code - 97;
  if (code >= 65 && code <= 90) return code - 65;
  return code >= 48 && code <= 57 ? digit : other;
}

/** Mean bits a pair: words have about 4, what is drawn by lot 5.5. 0 for what has no pairs. */
export function strangeness(text: string): number {
  let sum = 0;
  let count = 0;
  let before = other;
  for (let i = 0; i < text.length && i < longest; i++) {
    const now = classOf(text.charCodeAt(i));
    if (before !== other && now !== other) {
      count++;
      if (before === digit || now === digit) sum += before === now ? digitBits : switchBits;
      else sum += bits[before * 26 + now];
    }
    before = now;
  }
  return count === 0 ? 0 : sum / count;
}

/** How often letters and digits take turns. */
export function turns(text: string): number {
  let count = 0;
  let before = other;
  for (let i = 0; i < text.length && i < longest; i++) {
    const now = classOf(text.charCodeAt(i));
    if (before !== other && now !== other && (before === digit) !== (now === digit)) count++;
    before = now;
  }
  return count;
}

const hex = /^[0-9a-f]{8,64}$/i;

/** Part of a domain that its owner chose: `example` of `example.co.uk`. */
export function chosenLabel(domain: string): string {
  const dot = domain.indexOf('.');
  return dot < 0 ? domain : domain.slice(0, dot);
}

/**
 * Whether a label seems drawn by lot: 0 no, 1 as every hundredth of what people choose, 2 as hardly any.
 * Names in other scripts (`xn--`) are not judged.
 */
export function oddness(label: string): 0 | 1 | 2 {
  if (label.length < 7 || label.startsWith('xn--')) return 0;
  const count = turns(label);
  if (count >= 3 && hex.test(label)) return 2;
  const strange = strangeness(label);
  if (label.length >= 16 && count >= 3 && strange >= 5.2) return 2;
  if (label.length >= 10 && strange >= 6.4) return 2;
  const limit = label.length < 9 ? 6.1 : label.length < 13 ? 5.5 : 5.15;
  return strange >= limit ? 1 : 0;
}

/** Bits a character of a text has by its own counts (Shannon); of the first 1,024 characters. */
export function entropy(text: string): number {
  const counts = new Map<number, number>();
  const length = Math.min(text.length, 1024);
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  let sum = 0;
  for (const count of counts.values()) sum -= (count / length) * Math.log2(count / length);
  return sum;
}
