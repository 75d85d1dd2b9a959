// Names of versions, groups and alerts of TLS (IANA TLS parameters registry; RFC 8446 §6.2, RFC 8422 §5.1.1, RFC 7919).

const zeekVersions: ReadonlyMap<number, string> = new Map([
  [0x0002, 'SSLv2'],
  [0x0300, 'SSLv3'],
  [0x0301, 'TLSv10'],
  [0x0302, 'TLSv11'],
  [0x0303, 'TLSv12'],
  [0x0304, 'TLSv13'],
  [0xfeff, 'DTLSv10'],
  [0xfefd, 'DTLSv12'],
  [0xfefc, 'DTLSv13'],
]);

const eveVersions: ReadonlyMap<number, string> = new Map([
  [0x0002, 'SSLv2'],
  [0x0300, 'SSLv3'],
  [0x0301, 'TLSv1'],
  [0x0302, 'TLS 1.1'],
  [0x0303, 'TLS 1.2'],
  [0x0304, 'TLS 1.3'],
  [0xfeff, 'DTLS 1.0'],
  [0xfefd, 'DTLS 1.2'],
  [0xfefc, 'DTLS 1.3'],
]);

/** Drafts of TLS 1.3 say 0x7f00 and their number. */
const isDraft13 = (version: number): boolean => version >> 8 === 0x7f;

/** TLS or DTLS 1.3, drafts included: everything after the hellos is encrypted. */
export const isTls13 = (version: number): boolean => version === 0x0304 || version === 0xfefc || isDraft13(version);

/** `TLSv12`, as in Zeek's ssl.log. */
export function zeekVersion(version: number): string {
  return zeekVersions.get(version) ?? (isDraft13(version) ? `TLSv13-draft${version & 0xff}` : `unknown-${version}`);
}

/** `TLS 1.2`, as in EVE. */
export function eveVersion(version: number): string {
  if (!isDraft13(version)) return eveVersions.get(version) ?? 'UNDETERMINED';
  const draft = version & 0xff;
  return draft <= 16 ? 'TLS 1.3 draft-16 or earlier' : `TLS 1.3 draft-${draft}`;
}

// Numbered from 1 on.
const firstGroups = (
  'sect163k1 sect163r1 sect163r2 sect193r1 sect193r2 sect233k1 sect233r1 sect239k1 sect283k1 sect283r1 sect409k1 ' +
  'sect409r1 sect571k1 sect571r1 secp160k1 secp160r1 secp160r2 secp192k1 secp192r1 secp224k1 secp224r1 secp256k1 ' +
  'secp256r1 secp384r1 secp521r1 brainpoolP256r1 brainpoolP384r1 brainpoolP512r1 x25519 x448 brainpoolP256r1tls13 ' +
  'brainpoolP384r1tls13 brainpoolP512r1tls13 GC256A GC256B GC256C GC256D GC512A GC512B GC512C curveSM2'
).split(' ');

const laterGroups: ReadonlyMap<number, string> = new Map([
  [256, 'ffdhe2048'],
  [257, 'ffdhe3072'],
  [258, 'ffdhe4096'],
  [259, 'ffdhe6144'],
  [260, 'ffdhe8192'],
  [512, 'MLKEM512'],
  [513, 'MLKEM768'],
  [514, 'MLKEM1024'],
  [4587, 'SecP256r1MLKEM768'],
  [4588, 'X25519MLKEM768'],
  [4589, 'SecP384r1MLKEM1024'],
  [4590, 'curveSM2MLKEM768'],
  [16696, 'CECPQ2'],
  [25497, 'X25519Kyber768Draft00'],
  [25498, 'SecP256r1Kyber768Draft00'],
  [0xff01, 'arbitrary_explicit_prime_curves'],
  [0xff02, 'arbitrary_explicit_char2_curves'],
]);

/** `secp256r1` of a named group. */
export const groupName = (group: number): string =>
  firstGroups[group - 1] ?? laterGroups.get(group) ?? `unknown-${group}`;

const alerts: ReadonlyMap<number, string> = new Map([
  [0, 'close_notify'],
  [10, 'unexpected_message'],
  [20, 'bad_record_mac'],
  [21, 'decryption_failed'],
  [22, 'record_overflow'],
  [30, 'decompression_failure'],
  [40, 'handshake_failure'],
  [41, 'no_certificate'],
  [42, 'bad_certificate'],
  [43, 'unsupported_certificate'],
  [44, 'certificate_revoked'],
  [45, 'certificate_expired'],
  [46, 'certificate_unknown'],
  [47, 'illegal_parameter'],
  [48, 'unknown_ca'],
  [49, 'access_denied'],
  [50, 'decode_error'],
  [51, 'decrypt_error'],
  [60, 'export_restriction'],
  [70, 'protocol_version'],
  [71, 'insufficient_security'],
  [80, 'internal_error'],
  [86, 'inappropriate_fallback'],
  [90, 'user_canceled'],
  [100, 'no_renegotiation'],
  [109, 'missing_extension'],
  [110, 'unsupported_extension'],
  [111, 'certificate_unobtainable'],
  [112, 'unrecognized_name'],
  [113, 'bad_certificate_status_response'],
  [114, 'bad_certificate_hash_value'],
  [115, 'unknown_psk_identity'],
  [116, 'certificate_required'],
  [117, 'general_error'],
  [120, 'no_application_protocol'],
  [121, 'ech_required'],
]);

/** `handshake_failure` of an alert's description. */
export const alertName = (description: number): string => alerts.get(description) ?? `unknown-${description}`;
