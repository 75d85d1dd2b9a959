// QUIC versions: how each names itself, protects its Initial packets and numbers its packet types (RFC 9001 §5.2, RFC 9369 §3).

import { bytesOfHex } from '../../tls-keys/key-schedule.ts';

export const packetKind = { initial: 0, zeroRtt: 1, handshake: 2, retry: 3 } as const;

/** Which rules a version follows. */
export interface Version {
  readonly number: number;
  /** As Suricata writes it: hexadecimal digits, or `Q046`. */
  readonly text: string;
  /** As Zeek writes it. */
  readonly name: string;
  /** Salt of the Initial secrets; null where nothing is known or nothing is protected. */
  readonly salt: Uint8Array | null;
  /** First word of the labels of keys: `quic`, `quicv2`. */
  readonly label: string;
  /** Kind of a long header by its two type bits. */
  readonly kinds: readonly number[];
  /** Google's QUIC before the IETF's: frames of its own, and a CHLO instead of TLS in the Q versions. */
  readonly google: boolean;
  /** Number of a Google version (43 of Q043), 0 of others. */
  readonly googleNumber: number;
  /** A ClientHello of TLS is in the CRYPTO frames. */
  readonly hasTls: boolean;
}

const salts = {
  v1: bytesOfHex('38762cf7f55934b34d179ae6a4c80cadccbb7f0a'),
  v2: bytesOfHex('0dede3def700a6db819381be6e269dcbf9bd2ed9'),
  draft29: bytesOfHex('afbfec289993d24c9e9786f19c6111e04390a899'),
  draft23: bytesOfHex('c3eef712c72ebb5a11a7d2432bb46365bef9f502'),
  draft22: bytesOfHex('7fbcdb0e7c66bbe9193a96cd21519ebd7a02644a'),
  q050: bytesOfHex('504574efd066fe2f9d945cfcdbd3a7f0d3b56b45'),
  t050: bytesOfHex('7ff579e5acd072915580304c43a2367c60488310'),
  t051: bytesOfHex('7a4edef4e7ccee5fa4506c19124fc8ccda6e033d'),
} as const;

const { initial, zeroRtt, handshake, retry } = packetKind;
const kindsOfV1 = [initial, zeroRtt, handshake, retry];
const kindsOfV2 = [retry, initial, zeroRtt, handshake];

const v1 = 0x00000001;
const v2 = 0x6b3343cf;

/** Salt by draft (draft-ietf-quic-tls); 33 and 34 are version 1 but for the number. */
function saltOfDraft(draft: number): Uint8Array | null {
  if (draft >= 33 && draft <= 34) return salts.v1;
  if (draft >= 29) return salts.draft29;
  if (draft >= 23) return salts.draft23;
  return draft === 22 || draft === 21 ? salts.draft22 : null;
}

/** Facebook's mvfst follows drafts under numbers of its own. */
const mvfst: ReadonlyMap<number, Uint8Array> = new Map([
  [0xfaceb001, salts.draft22],
  [0xfaceb002, salts.draft23],
  [0xfaceb00e, salts.draft23],
  [0xfaceb010, salts.draft23],
  [0xfaceb011, salts.draft23],
  [0xfaceb012, salts.draft23],
  [0xfaceb013, salts.draft23],
]);

/** Versions seen so far; they are few, and hostile ones are not kept. */
const known = new Map<number, Version>();

/** 0x?a?a?a?a: meant to be refused, so that negotiation is exercised (RFC 9000 §15). */
export const isReserved = (number: number): boolean => ((number & 0x0f0f0f0f) ^ 0x0a0a0a0a) === 0;

/** `Q` or `T`, `0`, two digits. */
export function isGoogle(number: number): boolean {
  const letter = number >>> 24;
  const tens = (number >>> 8) & 255;
  const ones = number & 255;
  if (letter !== 0x51 && letter !== 0x54) return false;
  return ((number >>> 16) & 255) === 0x30 && tens >= 0x30 && tens <= 0x39 && ones >= 0x30 && ones <= 0x39;
}

/** null for a version whose packets cannot be told apart. */
export function versionOf(number: number): Version | null {
  const there = known.get(number);
  if (there !== undefined) return there;
  const version = describe(number);
  if (version !== null) known.set(number, version);
  return version;
}

const basis = { label: 'quic', kinds: kindsOfV1, google: false, googleNumber: 0, hasTls: true } as const;

function describe(number: number): Version | null {
  const text = number.toString(16);
  if (number === v1) return { ...basis, number, text, name: '1', salt: salts.v1 };
  if (number === v2)
    return { ...basis, number, text, name: 'quicv2', salt: salts.v2, label: 'quicv2', kinds: kindsOfV2 };
  if (number >>> 8 === 0xff0000) return describeDraft(number, text);
  const ofMvfst = mvfst.get(number);
  if (ofMvfst !== undefined) return { ...basis, number, text, name: `mvfst (${text})`, salt: ofMvfst };
  return isGoogle(number) ? describeGoogle(number) : null;
}

function describeDraft(number: number, text: string): Version | null {
  const draft = number & 255;
  const salt = saltOfDraft(draft);
  if (salt === null || draft > 34) return null;
  return { ...basis, number, text, name: `draft-${draft}`, salt };
}

function describeGoogle(number: number): Version {
  const googleNumber = (((number >>> 8) & 255) - 0x30) * 10 + (number & 255) - 0x30;
  const hasTls = number >>> 24 === 0x54;
  const text = `${hasTls ? 'T' : 'Q'}0${String(googleNumber).padStart(2, '0')}`;
  const protecting = { Q050: salts.q050, T050: salts.t050, T051: salts.t051 } as Record<string, Uint8Array | undefined>;
  return { ...basis, number, text, name: text, salt: protecting[text] ?? null, google: true, googleNumber, hasTls };
}
