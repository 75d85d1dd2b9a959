// Proves that SSH's banners, algorithms, fingerprints and logins are told the same however the bytes come, and that no bytes break it.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesOf, converse, type Step } from '../golden/converse.ts';
import { ssh } from './ssh.ts';
import { LoginWatch } from './ssh-login.ts';

const u32 = (n: number): string => n.toString(16).padStart(8, '0');

/** A packet of version 2: length, padding of 4, payload. */
function packet(...payload: (string | Uint8Array)[]): Uint8Array {
  const bytes = bytesOf(...payload);
  return bytesOf(u32(bytes.length + 5), '04', bytes, '00000000');
}

function kexInit(...lists: string[]): Uint8Array {
  const parts: (string | Uint8Array)[] = ['14', '00112233445566778899aabbccddeeff'];
  for (const list of lists) parts.push(u32(list.length), `'${list}`);
  return packet(...parts, '00000000', '00000000', '00', '00000000');
}

const clientKex = kexInit(
  'curve25519-sha256,ecdh-sha2-nistp256',
  'ssh-ed25519',
  'aes128-ctr,aes256-ctr',
  'aes256-ctr',
  'hmac-sha2-256',
  'hmac-sha2-512',
  'none,zlib',
  'none',
);
const serverKex = kexInit(
  'ecdh-sha2-nistp256,curve25519-sha256',
  'ssh-rsa,ssh-ed25519',
  'aes256-ctr,aes128-ctr',
  'aes256-ctr',
  'hmac-sha2-256',
  'hmac-sha2-512',
  'none',
  'none',
);
const hostKey = bytesOf(u32(11), "'ssh-ed25519", u32(4), '01020304');
const newKeys = packet('15');
const bytes = (length: number): Uint8Array => new Uint8Array(length).fill(0xa5);

const steps: Step[] = [
  { side: 1, bytes: bytesOf("'Authorized use only\r\nSSH-2.0-OpenSSH_9.6 Debian-1\r\n") },
  { side: 0, bytes: bytesOf("'SSH-2.0-PuTTY_Release_0.80\r\n") },
  { side: 0, bytes: clientKex },
  { side: 1, bytes: serverKex },
  { side: 0, bytes: packet('1e', u32(4), '0a0b0c0d') },
  { side: 1, bytes: bytesOf(packet('1f', u32(hostKey.length), hostKey, u32(1), '00', u32(1), '00'), newKeys) },
  { side: 0, bytes: newKeys },
  { side: 0, bytes: bytes(44) },
  { side: 1, bytes: bytes(52) },
  { side: 0, bytes: bytes(68) },
  { side: 1, bytes: bytes(84) },
  { side: 0, bytes: bytes(148) },
  { side: 1, bytes: bytes(84) },
  { side: 0, bytes: bytes(148) },
  { side: 1, bytes: bytes(36) },
  { side: 0, bytes: bytes(112) },
];

describe('a login of version 2', () => {
  const heard = converse([ssh], steps);
  const [eve, failure, success, log] = heard.told;

  test('is told once for EVE and once for logs', () => {
    expect(heard.told.map((one) => one.options.only)).toEqual(['eve', 'step', 'step', 'log']);
    expect(eve.event.client).toEqual({
      proto_version: '2.0',
      software_version: 'PuTTY_Release_0.80',
      hassh: {
        string: 'curve25519-sha256,ecdh-sha2-nistp256;aes128-ctr,aes256-ctr;hmac-sha2-256;none,zlib',
        hash: '9ad314e016c5561cec5845d8cc73ccb2',
      },
    });
    expect(eve.event.server).toMatchObject({ proto_version: '2.0', software_version: 'OpenSSH_9.6' });
    expect(eve.event.server).toMatchObject({
      hassh: { string: 'ecdh-sha2-nistp256,curve25519-sha256;aes256-ctr;hmac-sha2-512;none' },
    });
  });

  test('algorithms are the first of the client that the server has', () => {
    expect(log.event).toMatchObject({
      version: 2,
      keyExchange: 'curve25519-sha256',
      hostKeyAlgorithm: 'ssh-ed25519',
      cipher: 'To server: aes128-ctr, to client: aes256-ctr',
      mac: 'To server: hmac-sha2-256, to client: hmac-sha2-512',
      compression: 'none',
      clientBanner: 'SSH-2.0-PuTTY_Release_0.80',
      serverBanner: 'SSH-2.0-OpenSSH_9.6 Debian-1',
    });
    expect(log.event.hostKey).toMatch(/^SHA256:[A-Za-z0-9+/]{32}$/);
  });

  test('one failure and a success are told from lengths; then nothing more is wanted', () => {
    expect(log.event).toMatchObject({ isLoggedIn: true, loginAttempts: 2 });
    expect([failure.event, success.event]).toEqual([
      { isLoggedIn: false, loginAttempts: 1 },
      { isLoggedIn: true, loginAttempts: 2 },
    ]);
    expect(log.timeUs).toBe(1_001_000);
    expect(heard).toMatchObject({ isOver: true, how: 'handshake', kept: 0, threw: [] });
  });

  test('pieces of one byte tell the same', () => {
    // A line before the banner would use up the turns in which the protocol is looked for.
    const plain = [{ side: 1, bytes: bytesOf("'SSH-2.0-OpenSSH_9.6 Debian-1\r\n") } as Step, ...steps.slice(1)];
    const events = (pieces: number) => converse([ssh], plain, { pieces }).told.map((one) => one.event);
    expect(events(1)).toEqual(heard.told.map((one) => one.event));
    expect(events(7)).toEqual(events(1));
  });
});

test('who opens the key exchange is the client, whoever opened the connection', () => {
  const turned = steps.map((step) => ({ ...step, side: step.side === 0 ? 1 : 0 }) as Step);
  const [eve] = converse([ssh], turned).told;
  expect(eve.event.client).toMatchObject({ software_version: 'PuTTY_Release_0.80' });
});

test('version 1 gives the fingerprint of the second key', () => {
  const key = bytesOf('00 08 03', '00 10 c1c1');
  const body = bytesOf(
    '02',
    '0000000000000000',
    '00000010',
    key,
    '00000010',
    key,
    '000000000000000000000000',
    '00000000',
  );
  const padding = '00'.repeat(8 - (body.length % 8));
  const [told] = converse(
    [ssh],
    [
      { side: 1, bytes: bytesOf("'SSH-1.5-1.2.33\n") },
      { side: 0, bytes: bytesOf("'SSH-1.5-OpenSSH_3.4\n") },
      { side: 1, bytes: bytesOf(u32(body.length), padding, body) },
    ],
  ).told;
  expect(told.event).toMatchObject({ version: 1, server: { proto_version: '1.5', software_version: '1.2.33' } });
  expect(told.event.hostKey).toMatch(/^([0-9a-f]{2}:){15}[0-9a-f]{2}$/);
});

test('with compression or after a gap nothing is said of the login', () => {
  const gap = converse([ssh], [...steps.slice(0, 9), { side: 1, gap: 100 }, ...steps.slice(9)]);
  expect(gap.told.at(-1)?.event).toMatchObject({ loginAttempts: 0 });
  expect(gap.told.at(-1)?.event.isLoggedIn).toBeUndefined();
});

test('a banner of the server between acceptance and failure is passed over', () => {
  const watch = new LoginWatch();
  let number = 0;
  for (const [side, length] of [
    [0, 44],
    [1, 52],
    [1, 900],
    [0, 60],
    [1, 84],
    [0, 60],
    [1, 84],
  ] as const) {
    watch.add(side, length, ++number);
  }
  watch.settle();
  expect(watch).toMatchObject({ isSuccess: false, attempts: 1 });
});

test('what is no SSH is given back', () => {
  expect(converse([ssh], [{ side: 0, bytes: bytesOf("'SSHX-2.0\r\n") }]).names).toEqual([]);
  expect(converse([ssh], [{ side: 0, bytes: bytesOf("'SSH-") }]).names).toEqual([]);
  const endless = converse(
    [ssh],
    [
      { side: 0, bytes: bytesOf("'SSH-2.0-x\r\n") },
      { side: 0, bytes: bytes(6) },
    ],
  );
  expect(endless.weird).toContain('ssh_invalid_packet_length');
});

test('truncated and damaged conversations never throw', () => {
  for (const [i, step] of steps.slice(0, 7).entries()) {
    const whole = step.bytes ?? bytes(0);
    for (let length = 0; length < whole.length; length++) {
      const cut = [...steps.slice(0, i), { side: step.side, bytes: whole.subarray(0, length) }];
      expect(converse([ssh], cut).threw).toEqual([]);
    }
  }
  fc.assert(
    fc.property(fc.nat(6), fc.nat(400), fc.nat(255), (which, where, value) => {
      const hurt = steps.map((step, i) => {
        if (i !== which || step.bytes === undefined) return step;
        const copy = step.bytes.slice();
        copy[where % copy.length] = value;
        return { side: step.side, bytes: copy };
      });
      expect(converse([ssh], hurt).threw).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
