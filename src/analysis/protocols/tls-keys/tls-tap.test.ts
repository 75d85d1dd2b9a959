// Proves that what a real TLS server and client say to each other is read with their logged keys, by each cipher suite, and
// that missing, wrong and late keys, gaps and key updates are told or lived through.
import { createCipheriv } from 'node:crypto';
import type { TlsOptions } from 'node:tls';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recorded as recordedTls, request } from '../../../../test/e2e/tls-connection.ts';
import { NodeKeyLog } from '../../../app/machine/key-log.ts';
import { nodeCrypto } from '../../../app/machine/node-crypto.ts';
import type { KeyLog } from '../../../core/index.ts';
import { bytesOf, converse, type Heard, type Setting, type Step } from '../golden/converse.ts';
import type { Protocol, Side } from '../protocol.ts';
import { tlsWith } from '../tls/tls.ts';
import { x509 } from '../tls/x509/x509.ts';
import { http } from '../web/http/http.ts';
import { bytesOfHex, expandLabel } from './key-schedule.ts';
import { openTlsTap } from './tls-tap.ts';

const tls = tlsWith(openTlsTap);
// The cast is for the different fields of the protocols.
const protocols = [tls, http, x509] as unknown as Protocol[];

interface Conversation {
  readonly steps: readonly Step[];
  readonly keyLog: string;
}

async function recorded(options: TlsOptions, rounds = 1): Promise<Conversation> {
  const { sent, keyLog } = await recordedTls(options, rounds);
  return { steps: sent, keyLog };
}

const keysOf = (text: string): NodeKeyLog => {
  const keys = new NodeKeyLog();
  keys.add(text);
  return keys;
};
const heard = ({ steps, keyLog }: Conversation, setting: Setting = {}): Heard =>
  converse(protocols, steps, { keys: keysOf(keyLog), rPort: 443, ...setting });

const suites = [
  ['TLSv1.2', 'ECDHE-ECDSA-AES128-GCM-SHA256'],
  ['TLSv1.2', 'ECDHE-ECDSA-AES256-GCM-SHA384'],
  ['TLSv1.2', 'ECDHE-ECDSA-CHACHA20-POLY1305'],
  ['TLSv1.2', 'ECDHE-ECDSA-AES128-CCM'],
  ['TLSv1.2', 'ECDHE-ECDSA-AES128-CCM8'],
  ['TLSv1.3', 'TLS_AES_128_GCM_SHA256'],
  ['TLSv1.3', 'TLS_AES_256_GCM_SHA384'],
  ['TLSv1.3', 'TLS_CHACHA20_POLY1305_SHA256'],
] as const;

describe.each(suites)('%s %s', (version, ciphers) => {
  it('is read, in segments as they came and in pieces, certificate included', async () => {
    // CCM8 is below the level of security that OpenSSL asks for by itself.
    const level = version === 'TLSv1.2' ? ':@SECLEVEL=0' : '';
    const made = await recorded({ minVersion: version, maxVersion: version, ciphers: ciphers + level }, 2);
    const whole = heard(made);
    expect(whole.threw).toEqual([]);
    expect(whole.weird).toEqual([]);
    expect(whole.names).toEqual(['tls', 'http']);
    const requests = whole.events('http');
    expect(requests.length).toBe(2);
    expect(requests[0]).toMatchObject({ method: 'GET', url: '/inside', hostname: 'server.test', status: 200 });
    expect(whole.events('x509')[0]).toMatchObject({ subject: 'CN=server.test' });
    const pieces = heard(made, { pieces: 700 });
    expect(pieces.events('http')).toEqual(requests);
    expect(heard(made, { keys: { isEmpty: true, secret: () => null } }).names).toEqual(['tls']);
  });
});

describe('a connection of TLS 1.3', async () => {
  const made = await recorded({ minVersion: 'TLSv1.3' }, 3);

  it('whose keys are not in the log is told once', () => {
    const other = heard(made, { keys: keysOf(`CLIENT_RANDOM ${'00'.repeat(32)} ${'11'.repeat(48)}`) });
    expect(other.weird).toEqual(['tls_no_key']);
    expect(other.events('http')).toEqual([]);
  });

  it('whose keys are not in the log is left once its tap gives up', () => {
    const keys = keysOf(`CLIENT_RANDOM ${'00'.repeat(32)} ${'11'.repeat(48)}`);
    const more = Array.from({ length: 60 }, () => ({
      side: 1 as const,
      bytes: bytesOf('17 03 03 00 20', new Uint8Array(32)),
    }));
    expect(heard(made, { keys }).isOver).toBe(false);
    const left = heard({ steps: [...made.steps, ...more], keyLog: '' }, { keys });
    expect(left.isOver).toBe(true);
    expect(left.events('tls')).toMatchObject([{ established: true }]);
  });

  it('whose keys are wrong is told once', () => {
    const wrong = made.keyLog.replace(/ [0-9a-f]+$/gm, (secret) => ` ${'5a'.repeat((secret.length - 1) / 2)}`);
    const long: Step[] = [...made.steps];
    for (let i = 0; i < 40; i++) long.push({ side: 0, bytes: bytesOf('17 03 03 00 20', new Uint8Array(32)) });
    expect(heard({ steps: long, keyLog: wrong }).weird).toEqual(['tls_keys_do_not_fit']);
  });

  it('of which only the last secrets are known is read all the same', () => {
    const traffic = made.keyLog.split('\n').filter((line) => !line.includes('HANDSHAKE'));
    const some = heard({ steps: made.steps, keyLog: traffic.join('\n') });
    expect(some.events('http').length).toBe(3);
    expect(some.events('x509')).toEqual([]);
  });

  it('whose keys come late is read from there on', () => {
    const late = keysOf(made.keyLog);
    let asked = 0;
    const keys: KeyLog = {
      isEmpty: false,
      secret: (label, random) => (asked++ < 20 ? null : late.secret(label, random)),
    };
    const told = heard(made, { keys });
    expect(told.weird).toEqual([]);
    expect(told.names).toContain('http');
  });

  it('with a gap is read on behind it', () => {
    const steps = cutRecord(made.steps);
    const told = heard({ steps, keyLog: made.keyLog });
    expect(told.threw).toEqual([]);
    expect(told.weird).not.toContain('tls_keys_do_not_fit');
    expect(told.events('http').length).toBeGreaterThanOrEqual(2);
  });

  it('with a key update is read on with the next secret', () => {
    const secret = bytesOfHex(/CLIENT_TRAFFIC_SECRET_0 \w+ (\w+)/.exec(made.keyLog)?.[1] ?? '');
    const hash = secret.length === 48 ? 'sha384' : 'sha256';
    const next = expandLabel(nodeCrypto, hash, secret, 'traffic upd', secret.length);
    // Three requests and close_notify were sent with the keys so far: the update takes the place of the latter.
    const steps = made.steps.filter((step, i) => step.side === 1 || i < lastOf(made.steps, 0));
    const told = heard({
      steps: [
        ...steps,
        { side: 0, bytes: sealed(secret, 3, bytesOf('18 000001 01'), 22) },
        { side: 0, bytes: sealed(next, 0, Buffer.from(request.replace('/inside', '/updated')), 23) },
      ],
      keyLog: made.keyLog,
    });
    expect(told.weird).toEqual([]);
    expect(told.events('http').map((event) => event.url)).toEqual(['/inside', '/inside', '/inside', '/updated']);
  });

  it('survives any damage', () => {
    fc.assert(
      fc.property(fc.nat(made.steps.length - 1), fc.nat(), fc.nat(255), (which, where, value) => {
        const steps = made.steps.map((step, i) => {
          if (i !== which || step.bytes === undefined) return step;
          const bytes = step.bytes.slice();
          bytes[where % bytes.length] = value;
          return { ...step, bytes };
        });
        expect(heard({ steps, keyLog: made.keyLog }).threw).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });
});

const lastOf = (steps: readonly Step[], side: Side): number =>
  steps.reduce((last, step, i) => (step.side === side ? i : last), -1);

/** A record of TLS 1.3 with AES-GCM, the suite that two OpenSSL agree on. */
function sealed(secret: Uint8Array, sequence: number, contents: Uint8Array, type: number): Uint8Array {
  const hash = secret.length === 48 ? 'sha384' : 'sha256';
  const key = expandLabel(nodeCrypto, hash, secret, 'key', hash === 'sha384' ? 32 : 16);
  const nonce = expandLabel(nodeCrypto, hash, secret, 'iv', 12);
  nonce[11] ^= sequence;
  const plain = Buffer.concat([contents, Uint8Array.of(type)]);
  const header = Uint8Array.of(23, 3, 3, (plain.length + 16) >> 8, (plain.length + 16) & 255);
  const cipher = createCipheriv(hash === 'sha384' ? 'aes-256-gcm' : 'aes-128-gcm', key, nonce);
  cipher.setAAD(header);
  return bytesOf(header, new Uint8Array(Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])));
}

/** Takes a whole segment out of the second answer, a record's end and the next one's begin included. */
function cutRecord(steps: readonly Step[]): Step[] {
  const isRequest = steps.map((step, i) => step.side === 0 && i > 0 && steps[i - 1].side === 1);
  const second = isRequest.lastIndexOf(true, isRequest.lastIndexOf(true, isRequest.lastIndexOf(true) - 1));
  const out: Step[] = [...steps];
  const at = steps.findIndex((step, i) => i > second && step.side === 1 && (step.bytes?.length ?? 0) > 2000);
  const bytes = steps[at].bytes ?? new Uint8Array(0);
  out.splice(
    at,
    1,
    { side: 1, bytes: bytes.slice(0, 900) },
    { side: 1, gap: 700 },
    { side: 1, bytes: bytes.slice(1600) },
  );
  return out;
}
