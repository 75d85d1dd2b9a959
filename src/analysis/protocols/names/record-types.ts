// Words for the numbers of DNS (IANA "Domain Name System (DNS) Parameters"), as Suricata and Zeek write them.

const types: Readonly<Record<number, string>> = {
  1: 'A',
  2: 'NS',
  3: 'MD',
  4: 'MF',
  5: 'CNAME',
  6: 'SOA',
  7: 'MB',
  8: 'MG',
  9: 'MR',
  10: 'NULL',
  11: 'WKS',
  12: 'PTR',
  13: 'HINFO',
  14: 'MINFO',
  15: 'MX',
  16: 'TXT',
  17: 'RP',
  18: 'AFSDB',
  19: 'X25',
  20: 'ISDN',
  21: 'RT',
  22: 'NSAP',
  23: 'NSAPPTR',
  24: 'SIG',
  25: 'KEY',
  26: 'PX',
  27: 'GPOS',
  28: 'AAAA',
  29: 'LOC',
  30: 'NXT',
  31: 'EID',
  32: 'NIMLOC',
  33: 'SRV',
  34: 'ATMA',
  35: 'NAPTR',
  36: 'KX',
  37: 'CERT',
  38: 'A6',
  39: 'DNAME',
  40: 'SINK',
  41: 'OPT',
  42: 'APL',
  43: 'DS',
  44: 'SSHFP',
  45: 'IPSECKEY',
  46: 'RRSIG',
  47: 'NSEC',
  48: 'DNSKEY',
  49: 'DHCID',
  50: 'NSEC3',
  51: 'NSEC3PARAM',
  52: 'TLSA',
  53: 'SMIMEA',
  55: 'HIP',
  56: 'NINFO',
  57: 'RKEY',
  58: 'TALINK',
  59: 'CDS',
  60: 'CDNSKEY',
  61: 'OPENPGPKEY',
  62: 'CSYNC',
  63: 'ZONEMD',
  64: 'SVCB',
  65: 'HTTPS',
  99: 'SPF',
  100: 'UINFO',
  101: 'UID',
  102: 'GID',
  103: 'UNSPEC',
  104: 'NID',
  105: 'L32',
  106: 'L64',
  107: 'LP',
  108: 'EUI48',
  109: 'EUI64',
  249: 'TKEY',
  250: 'TSIG',
  251: 'IXFR',
  252: 'AXFR',
  253: 'MAILB',
  254: 'MAILA',
  255: 'ANY',
  256: 'URI',
  257: 'CAA',
  32768: 'TA',
  32769: 'DLV',
  65281: 'WINS',
  65282: 'WINS-R',
};

/** Name of a record type, its number when it has none. */
export const typeName = (type: number): string => types[type] ?? String(type);

export const isKnownType = (type: number): boolean => types[type] !== undefined;

/** Name of a record type as in Zeek's `qtype_name`. */
export function zeekTypeName(type: number): string {
  if (type === 255) return '*';
  if (type === 23) return 'NSAP-PTR';
  return types[type] ?? `query-${type}`;
}

const classes: Readonly<Record<number, string>> = {
  1: 'C_INTERNET',
  2: 'C_CSNET',
  3: 'C_CHAOS',
  4: 'C_HESIOD',
  254: 'C_NONE',
  255: 'C_ANY',
};

/** Name of a class as in Zeek's `qclass_name`. */
export const zeekClassName = (number: number): string => classes[number] ?? `qclass-${number}`;

const answerCodes = [
  'NOERROR',
  'FORMERR',
  'SERVFAIL',
  'NXDOMAIN',
  'NOTIMP',
  'REFUSED',
  'YXDOMAIN',
  'YXRRSET',
  'NXRRSET',
  'NOTAUTH',
  'NOTZONE',
];

/** Name of the four bits of an answer code, its number when it has none. */
export const rcodeName = (code: number): string => answerCodes[code] ?? String(code);

/** Name of an answer code as in Zeek's `rcode_name`. */
export function zeekRcodeName(code: number): string {
  return code === 8 ? 'NXRRSet' : (answerCodes[code] ?? `unassigned-${code}`);
}

const opcodes: Readonly<Record<number, string>> = {
  0: 'query',
  1: 'iquery',
  2: 'server-status',
  4: 'notify',
  5: 'dynamic-update',
  6: 'dso',
};

/** Name of an opcode as in Zeek's `opcode_name`. */
export const opcodeName = (code: number): string => opcodes[code] ?? `opcode-${code}`;
