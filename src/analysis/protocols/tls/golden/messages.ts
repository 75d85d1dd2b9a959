// Writes TLS messages for tests: hellos with what a test wants in them, records around them, two certificates.

import { bytesOf } from '../../golden/converse.ts';

/** P-256, `C=DE, O=Taplight, Ltd., CN=*.example.test, Email=a@example.test`, self-signed, from 2026 to 2036. */
export const ecCertificate = bytesOf(
  '3082026d30820213a00302010202030097e6300a06082a8648ce3d040302305e310b300906035504061302444531173015060355040a0c' +
    '0e5461706c696768742c204c74642e3117301506035504030c0e2a2e6578616d706c652e74657374311d301b06092a864886f70d010901' +
    '160e61406578616d706c652e74657374301e170d3236313132323131333633375a170d3336313131393131333633375a305e310b300906' +
    '035504061302444531173015060355040a0c0e5461706c696768742c204c74642e3117301506035504030c0e2a2e6578616d706c652e74' +
    '657374311d301b06092a864886f70d010901160e61406578616d706c652e746573743059301306072a8648ce3d020106082a8648ce3d03' +
    '010703420004a9cf4f71548e0b1f60510df43a486b51ed0a4e7f081b8ddb075469693be000ac8bc3dfcad5b28c3d64d8d765fca1935f9a' +
    'c3f1f886f9a75fcff3399e95dfc8bba381bf3081bc301d0603551d0e041604141f507f721323a20fe0ee9fef411016b19d8190b9301f06' +
    '03551d230418301680141f507f721323a20fe0ee9fef411016b19d8190b930660603551d11045f305d820e2a2e6578616d706c652e7465' +
    '7374820c6578616d706c652e746573748704c0000201871020010db8000000000000000000000001810e61406578616d706c652e746573' +
    '74861568747470733a2f2f6578616d706c652e746573742f30120603551d130101ff040830060101ff020102300a06082a8648ce3d0403' +
    '020348003045022100aeacc5f6874e20eff8e9f58606be62d585d461811dedd9e951b8bec1d4afb3d802202f6d206f47e673f3f69e08c4' +
    '646347c163d09f7f3f32cde9a64514a916d8e23f',
);

/** RSA with 512 bits, `CN=rsa.example.test`, self-signed. */
export const rsaCertificate = bytesOf(
  '3082018d30820137a0030201020214607beeab1fe7641630c6e0aed3a99d847d1c7874300d06092a864886f70d01010b0500301b311930' +
    '1706035504030c107273612e6578616d706c652e74657374301e170d3236313132323131333633375a170d323730333032313133363337' +
    '5a301b3119301706035504030c107273612e6578616d706c652e74657374305c300d06092a864886f70d0101010500034b003048024100' +
    'c58fa1689ae73caf2a5147edbeb5b4c80c7332360cd8506ab242523aed3647e6e3701ca3397ac0392edcb621a5332bac014f6f1d1a4dcf' +
    'ecaf440f613f900fe70203010001a3533051301d0603551d0e0416041480a5ae1c9e25f86bcdaa8885c8c0a41230a907c2301f0603551d' +
    '2304183016801480a5ae1c9e25f86bcdaa8885c8c0a41230a907c2300f0603551d130101ff040530030101ff300d06092a864886f70d01' +
    '010b0500034100abdda79aa41aae1e938ed0d69fce830c18988bbf747e7e2302241d2fbb796fbc5e64a3e0f8e00e9aabd92c25ab3b48d6' +
    'ed87a5e9f9657f45bda2a901b218cf2b',
);

const u8 = (value: number): number[] => [value & 255];
const u16 = (value: number): number[] => [(value >> 8) & 255, value & 255];
const u24 = (value: number): number[] => [(value >> 16) & 255, ...u16(value)];
const ascii = (text: string): number[] => [...text].map((c) => c.charCodeAt(0));
const with8 = (body: number[]): number[] => [...u8(body.length), ...body];
const with16 = (body: number[]): number[] => [...u16(body.length), ...body];
const with24 = (body: number[]): number[] => [...u24(body.length), ...body];
const all16 = (values: readonly number[]): number[] => values.flatMap(u16);

export type ExtensionBytes = readonly [type: number, body: number[]];

export const sni = (name: string): ExtensionBytes => [0, with16([0, ...with16(ascii(name))])];
export const groups = (...values: number[]): ExtensionBytes => [10, with16(all16(values))];
export const pointFormats = (...values: number[]): ExtensionBytes => [11, with8(values)];
export const signatures = (...values: number[]): ExtensionBytes => [13, with16(all16(values))];
export const alpn = (...names: string[]): ExtensionBytes => [16, with16(names.flatMap((name) => with8(ascii(name))))];
export const ticket = (length: number): ExtensionBytes => [35, new Array<number>(length).fill(7)];
export const versions = (...values: number[]): ExtensionBytes => [43, with8(all16(values))];
export const keyShare = (group: number): ExtensionBytes => [51, with16([...u16(group), ...with16([1, 2, 3, 4])])];
export const empty = (type: number): ExtensionBytes => [type, []];

export interface HelloParts {
  readonly version?: number;
  readonly sessionId?: number[];
  readonly cookie?: number[];
  readonly suites?: readonly number[];
  readonly extensions?: readonly ExtensionBytes[];
  readonly random?: number;
}

const extensionsOf = (list: readonly ExtensionBytes[] | undefined): number[] =>
  list === undefined ? [] : with16(list.flatMap(([type, body]) => [...u16(type), ...with16(body)]));

/** Body of a ClientHello. */
export const clientHello = (parts: HelloParts = {}): number[] => [
  ...u16(parts.version ?? 0x0303),
  ...new Array<number>(32).fill(parts.random ?? 0xc1),
  ...with8(parts.sessionId ?? []),
  ...(parts.cookie === undefined ? [] : with8(parts.cookie)),
  ...with16(all16(parts.suites ?? [0xc02f, 0x009c])),
  ...with8([0]),
  ...extensionsOf(parts.extensions),
];

/** Body of a ServerHello. */
export const serverHello = (parts: HelloParts = {}): number[] => [
  ...u16(parts.version ?? 0x0303),
  ...new Array<number>(32).fill(parts.random ?? 0x5e),
  ...with8(parts.sessionId ?? []),
  ...u16(parts.suites?.[0] ?? 0xc02f),
  0,
  ...extensionsOf(parts.extensions),
];

/** Body of a Certificate message of TLS 1.2. */
export const certificates = (...list: readonly Uint8Array[]): number[] =>
  with24(list.flatMap((certificate) => with24([...certificate])));

/** ServerKeyExchange with a named curve. */
export const curveOffer = (group: number): number[] => [3, ...u16(group), ...with8([4, 1, 2, 3])];

export const message = (type: number, body: number[]): number[] => [type, ...with24(body)];

/** One record; of several messages when several are given. */
export const record = (type: number, ...bodies: number[][]): number[] => [type, 3, 3, ...with16(bodies.flat())];

export const changeCipherSpec = (): number[] => record(20, [1]);
export const sealed = (length = 40): number[] => record(23, new Array<number>(length).fill(0xee));
export const finished = (): number[] => record(22, new Array<number>(40).fill(0xee));

/** Handshake messages in a DTLS record of their own each. */
export const dtlsRecord = (type: number, epoch: number, body: number[]): number[] => [
  type,
  ...u16(0xfefd),
  ...u16(epoch),
  ...new Array<number>(6).fill(0),
  ...with16(body),
];

/** A fragment of a DTLS handshake message. */
export const dtlsFragment = (type: number, sequence: number, body: number[], from = 0, to = body.length): number[] => [
  type,
  ...u24(body.length),
  ...u16(sequence),
  ...u24(from),
  ...u24(to - from),
  ...body.slice(from, to),
];

export const bytes = (...parts: number[][]): Uint8Array => Uint8Array.from(parts.flat());
