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

export const macros: readonly string[] = [
  `CREATE OR REPLACE MACRO ip4_hex(t) AS printf('%02x%02x%02x%02x', split_part(t, '.', 1)::UTINYINT,
     split_part(t, '.', 2)::UTINYINT, split_part(t, '.', 3)::UTINYINT, split_part(t, '.', 4)::UTINYINT)`,
  // An IPv4 address at the end becomes two groups.
  `CREATE OR REPLACE MACRO ip6_plain(t) AS CASE WHEN contains(t, '.')
     THEN regexp_replace(t, '[0-9.]+$', '') || substr(ip4_hex(regexp_extract(t, '[0-9.]+$')), 1, 4) || ':' ||
       substr(ip4_hex(regexp_extract(t, '[0-9.]+$')), 5, 4) ELSE t END`,
  `CREATE OR REPLACE MACRO ip6_groups(t) AS
     list_transform(list_filter(string_split(t, ':'), lambda g: g <> ''), lambda g: lpad(g, 4, '0'))`,
  `CREATE OR REPLACE MACRO ip6_hex(t) AS CASE WHEN contains(t, '::')
     THEN array_to_string(ip6_groups(split_part(t, '::', 1)), '') || repeat('0', 32 -
       4 * len(ip6_groups(split_part(t, '::', 1))) - 4 * len(ip6_groups(split_part(t, '::', 2)))) ||
       array_to_string(ip6_groups(split_part(t, '::', 2)), '')
     ELSE array_to_string(ip6_groups(t), '') END`,
  `CREATE OR REPLACE MACRO ip(t) AS CASE
     WHEN regexp_full_match(t, '[0-9]{1,3}([.][0-9]{1,3}){3}') THEN unhex('${mappedHex}' || ip4_hex(t))
     WHEN regexp_full_match(t, '[0-9a-fA-F:.]+') AND length(ip6_hex(ip6_plain(t))) = 32
       AND (contains(t, '::') OR len(ip6_groups(ip6_plain(t))) = 8) THEN unhex(ip6_hex(ip6_plain(t)))
     ELSE error('not an address: ' || t) END`,
  `CREATE OR REPLACE MACRO ip6_short(t) AS CASE ${zeroRuns} ELSE t END`,
  `CREATE OR REPLACE MACRO hex_text(h) AS CASE WHEN starts_with(h, '${mappedHex}')
     THEN format('{}.{}.{}.{}', ${byteOf(25)}, ${byteOf(27)}, ${byteOf(29)}, ${byteOf(31)})
     ELSE ip6_short(array_to_string(list_transform([0, 1, 2, 3, 4, 5, 6, 7],
       lambda i: format('{:x}', ('0x' || substr(h, 4 * i + 1, 4))::INTEGER)), ':')) END`,
  'CREATE OR REPLACE MACRO ip_text(b) AS hex_text(hex(b))',
  `CREATE OR REPLACE MACRO net_bits(n) AS CASE WHEN NOT contains(n, '/') THEN 128
     WHEN contains(n, ':') THEN split_part(n, '/', 2)::INTEGER ELSE 96 + split_part(n, '/', 2)::INTEGER END`,
  `CREATE OR REPLACE MACRO net_mask(n) AS (repeat('1', net_bits(n)) || repeat('0', 128 - net_bits(n)))::BIT`,
  `CREATE OR REPLACE MACRO net_lo(n) AS (ip(split_part(n, '/', 1))::BIT & net_mask(n))::BLOB`,
  `CREATE OR REPLACE MACRO net_hi(n) AS (ip(split_part(n, '/', 1))::BIT | ~net_mask(n))::BLOB`,
  'CREATE OR REPLACE MACRO in_net(b, n) AS b BETWEEN net_lo(n) AND net_hi(n)',
];
