// Words of LDAP: operations, result codes (RFC 4511 section 4.1.9 and appendix A) and extended operations by OID.
import { isSecretName } from '../../../../core/index.ts';

/** Operations by application tag, as EVE writes them. */
export const operationNames: Readonly<Record<number, string>> = {
  0: 'bind_request',
  1: 'bind_response',
  2: 'unbind_request',
  3: 'search_request',
  4: 'search_result_entry',
  5: 'search_result_done',
  6: 'modify_request',
  7: 'modify_response',
  8: 'add_request',
  9: 'add_response',
  10: 'del_request',
  11: 'del_response',
  12: 'mod_dn_request',
  13: 'mod_dn_response',
  14: 'compare_request',
  15: 'compare_response',
  16: 'abandon_request',
  19: 'search_result_reference',
  23: 'extended_request',
  24: 'extended_response',
  25: 'intermediate_response',
};

/** Requests as Zeek's log calls request and response together. */
export const transactionNames: Readonly<Record<number, string>> = {
  0: 'bind',
  2: 'unbind',
  3: 'search',
  6: 'modify',
  8: 'add',
  10: 'delete',
  12: 'modify DN',
  14: 'compare',
  16: 'abandon',
  23: 'extended',
};

/** Operations a client sends. */
export const isRequest = (operation: number): boolean => transactionNames[operation] !== undefined;

const results: Readonly<Record<number, string>> = {
  0: 'success',
  1: 'operations error',
  2: 'protocol error',
  3: 'time limit exceeded',
  4: 'size limit exceeded',
  5: 'compare false',
  6: 'compare true',
  7: 'auth method not supported',
  8: 'stronger auth required',
  9: 'partial results',
  10: 'referral',
  11: 'admin limit exceeded',
  12: 'unavailable critical extension',
  13: 'confidentiality required',
  14: 'SASL bind in progress',
  16: 'no such attribute',
  17: 'undefined attribute type',
  18: 'inappropriate matching',
  19: 'constraint violation',
  20: 'attribute or value exists',
  21: 'invalid attribute syntax',
  32: 'no such object',
  33: 'alias problem',
  34: 'invalid DN syntax',
  35: 'is leaf',
  36: 'alias dereferencing problem',
  47: 'proxy authz failure',
  48: 'inappropriate authentication',
  49: 'invalid credentials',
  50: 'insufficient access rights',
  51: 'busy',
  52: 'unavailable',
  53: 'unwilling to perform',
  54: 'loop detect',
  60: 'sort control missing',
  61: 'offset range error',
  64: 'naming violation',
  65: 'object class violation',
  66: 'not allowed on non-leaf',
  67: 'not allowed on RDN',
  68: 'entry already exists',
  69: 'object class mods prohibited',
  70: 'results too large',
  71: 'affects multiple DSAs',
  76: 'control error',
  80: 'other',
  81: 'server down',
  82: 'local error',
  83: 'encoding error',
  84: 'decoding error',
  85: 'timeout',
  86: 'auth unknown',
  87: 'filter error',
  88: 'user canceled',
  89: 'param error',
  90: 'no memory',
  91: 'connect error',
  92: 'not supported',
  93: 'control not found',
  94: 'no results returned',
  95: 'more results to return',
  96: 'client loop',
  97: 'referral limit exceeded',
  100: 'invalid response',
  101: 'ambiguous response',
  112: 'TLS not supported',
  113: 'intermediate response',
  114: 'unknown type',
  118: 'canceled',
  119: 'no such operation',
  120: 'too late',
  121: 'cannot cancel',
  122: 'assertion failed',
  123: 'authorization denied',
  4096: 'sync refresh required',
};

/** A result as Zeek's log writes it. */
export const resultName = (code: number): string => results[code] ?? `unknown-${code}`;

/** A result as EVE writes it: `SASL bind in progress` is `sasl_bind_in_progress`. */
export const resultWord = (code: number): string => {
  const name = results[code];
  return name === undefined ? `unknown_${code}` : name.toLowerCase().replace(/[ -]/g, '_');
};

export const startTls = '1.3.6.1.4.1.1466.20037';
export const passwordModify = '1.3.6.1.4.1.4203.1.11.1';

const extensions: Readonly<Record<string, string>> = {
  '1.3.6.1.4.1.1466.20036': 'Notice of Disconnection',
  [startTls]: 'StartTLS',
  [passwordModify]: 'password modify',
  '1.3.6.1.4.1.4203.1.11.3': 'whoami',
  '1.3.6.1.4.1.1466.101.119.1': 'dynamic refresh',
  '1.2.840.113556.1.4.1781': 'fast bind',
  '1.3.6.1.1.8': 'cancel',
  '1.3.6.1.1.21.1': 'start transaction',
  '1.3.6.1.1.21.3': 'end transaction',
};

export const extensionName = (oid: string): string => extensions[oid] ?? 'unknown';

export const scopeNames = ['base', 'single', 'tree', 'subordinate'] as const;
export const derefNames = ['never', 'searching', 'finding', 'always'] as const;

/** Attributes that hold passwords, in lower case. */
const secrets: ReadonlySet<string> = new Set([
  'userpassword',
  'unicodepwd',
  'lmpwdhistory',
  'ntpwdhistory',
  'sambantpassword',
  'sambalmpassword',
  'ms-mcs-admpwd',
  'authpassword',
  'supplementalcredentials',
]);

/** Whether an attribute holds a password; options behind it do not count. */
export function isSecretAttribute(name: string): boolean {
  const bare = name.toLowerCase().replace(/;.*$/, '');
  return secrets.has(bare) || isSecretName(bare);
}
