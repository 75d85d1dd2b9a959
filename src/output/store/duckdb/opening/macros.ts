// Functions for people who ask in SQL, in SQL themselves, as DuckDB's `inet` extension has to be downloaded:
//
//   ip('10.0.0.1')              the 16 bytes in which addresses are kept; an error where the text is no address
//   ip_text(src_ip)             and back, as RFC 5952 writes it
//   in_net(src_ip, '10.0.0.0/8')
//   net_lo('10.0.0.0/8'), net_hi('10.0.0.0/8')   first and last address of a network

const mappedHex = '00000000000000000000FFFF';

const zeroRuns = [8, 7, 6, 5, 4, 3, 2]
  .map((n) => {
    const pattern = `(^|:)0(:0){${n - 1}}(:|$)`;
    return `WHEN regexp_matches(t, '${pattern}') THEN regexp_replace(t, '${pattern}', '::')`;
  })
  .join(' ');

const byteOf = (at: number): string => `('0x' || substr(h, ${at}, 2))::INTEGER`;

/** `body` with `name` standing for `value`, which is so worked out once: macros are pasted where they are called. */
const given = (name: string, value: string, body: string): string =>
  `list_transform([${value}], lambda ${name}: ${body})[1]`;

const ip4Hex = (text: string): string =>
  given(
    'q',
    `string_split(${text}, '.')::UTINYINT[]`,
    "printf('%02x%02x%02x%02x', q[1]::INTEGER, q[2]::INTEGER, q[3]::INTEGER, q[4]::INTEGER)",
  );

/** Groups of one side of `::`, four digits each; an IPv4 address at the end is two groups. */
const groups = (text: string): string =>
  `array_to_string(list_transform(list_filter(string_split(${text}, ':'), lambda g: g <> ''), lambda g:
     CASE WHEN contains(g, '.') THEN ${ip4Hex('g')} ELSE lpad(g, 4, '0') END), '')`;

const ip6Hex = `CASE WHEN contains(s, '::') THEN ${given(
  'h',
  `[${groups("split_part(s, '::', 1)")}, ${groups("split_part(s, '::', 2)")}]`,
  "h[1] || repeat('0', 32 - length(h[1]) - length(h[2])) || h[2]",
)} ELSE ${groups('s')} END`;

const ipBytes = `CASE
  WHEN regexp_full_match(s, '[0-9]{1,3}([.][0-9]{1,3}){3}') THEN unhex('${mappedHex}' || ${ip4Hex('s')})
  WHEN regexp_full_match(s, '[0-9a-fA-F]{0,4}(:[0-9a-fA-F]{0,4}){2,8}([.][0-9]{1,3}){0,3}') THEN ${given(
    'x',
    ip6Hex,
    "CASE WHEN length(x) = 32 THEN unhex(x) ELSE error('not an address: ' || s) END",
  )}
  ELSE error('not an address: ' || s) END`;

const ipText = `CASE WHEN starts_with(h, '${mappedHex}')
  THEN format('{}.{}.{}.{}', ${byteOf(25)}, ${byteOf(27)}, ${byteOf(29)}, ${byteOf(31)})
  ELSE ${given(
    't',
    `array_to_string(list_transform([0, 1, 2, 3, 4, 5, 6, 7],
       lambda i: format('{:x}', ('0x' || substr(h, 4 * i + 1, 4))::INTEGER)), ':')`,
    `CASE ${zeroRuns} ELSE t END`,
  )} END`;

const netBits = `CASE WHEN NOT contains(n, '/') THEN 128
  WHEN contains(n, ':') THEN split_part(n, '/', 2)::INTEGER ELSE 96 + split_part(n, '/', 2)::INTEGER END`;

const net = (bits: string): string =>
  given('m', `[${given('b', netBits, "(repeat('1', b) || repeat('0', 128 - b))::BIT")}]`, bits);

export const macros: readonly string[] = [
  `CREATE OR REPLACE MACRO ip(t) AS ${given('s', 't', ipBytes)}`,
  `CREATE OR REPLACE MACRO ip_text(b) AS ${given('h', 'hex(b)', ipText)}`,
  `CREATE OR REPLACE MACRO net_lo(n) AS ${net("(ip(split_part(n, '/', 1))::BIT & m[1])::BLOB")}`,
  `CREATE OR REPLACE MACRO net_hi(n) AS ${net("(ip(split_part(n, '/', 1))::BIT | ~m[1])::BLOB")}`,
  'CREATE OR REPLACE MACRO in_net(b, n) AS b BETWEEN net_lo(n) AND net_hi(n)',
];
