// Proves that a key log's secrets are found, also those written while it is followed, and that bad files say why.
import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { Failure } from '../../core/index.ts';
import { NodeKeyLog } from './key-log.ts';

const folder = mkdtempSync(join(tmpdir(), 'key-log-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const random = (n: number): string => n.toString(16).padStart(64, '0');
const master = 'ab'.repeat(48);
let count = 0;
const fileOf = (text: string): string => {
  const path = join(folder, `keys-${count++}.log`);
  writeFileSync(path, text);
  return path;
};
const hex = (bytes: Uint8Array | null): string | null => (bytes === null ? null : Buffer.from(bytes).toString('hex'));
const failureOf = (action: () => unknown): Failure => {
  try {
    action();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('did not fail');
};

describe('lines', () => {
  it('are taken with any line end, upper-case digits, comments and labels of no use among them', () => {
    const log = new NodeKeyLog();
    expect(log.isEmpty).toBe(true);
    log.add(`# written by a browser\r\nCLIENT_RANDOM ${random(0xabc).toUpperCase()} ${master}\r\n`);
    log.add(
      Buffer.from(`EXPORTER_SECRET ${random(1)} ${master}\nSERVER_TRAFFIC_SECRET_0 ${random(1)} ${'01'.repeat(32)}`),
    );
    expect(log.isEmpty).toBe(false);
    expect(log.size).toBe(2);
    expect(log.ignored).toBe(0);
    expect(hex(log.secret('CLIENT_RANDOM', random(0xabc)))).toBe(master);
    expect(hex(log.secret('SERVER_TRAFFIC_SECRET_0', random(1)))).toBe('01'.repeat(32));
    expect(log.secret('SERVER_TRAFFIC_SECRET_0', random(2))).toBeNull();
    expect(log.secret('EXPORTER_SECRET', random(1))).toBeNull();
  });

  it('that are none are counted and passed over', () => {
    const log = new NodeKeyLog();
    log.add(
      `CLIENT_RANDOM 12 34\n\nnonsense\nCLIENT_RANDOM ${random(1)} abc\n${'x'.repeat(9999)}\nCLIENT_RANDOM ${random(1)} ${master}\n`,
    );
    expect(log.ignored).toBe(4);
    expect(log.size).toBe(1);
  });

  it('beyond the limit push the oldest out', () => {
    const log = new NodeKeyLog({ limit: 3 });
    for (let i = 0; i < 5; i++) log.add(`CLIENT_RANDOM ${random(i)} ${master}\n`);
    expect(log.size).toBe(3);
    expect(log.secret('CLIENT_RANDOM', random(1))).toBeNull();
    expect(log.secret('CLIENT_RANDOM', random(4))).not.toBeNull();
  });

  it('of any kind do no harm', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        new NodeKeyLog().add(bytes);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a file', () => {
  it('is followed while it grows, at most once a second, a line written in two pieces included', () => {
    let now = 5000;
    const path = fileOf('');
    const log = new NodeKeyLog({ path, clock: () => now });
    expect(log.isEmpty).toBe(false);
    appendFileSync(path, `CLIENT_RANDOM ${random(7)} ${master}\nCLIENT_RANDOM ${random(8)} ab`);
    expect(log.secret('CLIENT_RANDOM', random(7))).toBeNull();
    now += 1000;
    expect(hex(log.secret('CLIENT_RANDOM', random(7)))).toBe(master);
    expect(log.secret('CLIENT_RANDOM', random(8))).toBeNull();
    appendFileSync(path, `${'ab'.repeat(47)}\n`);
    now += 1000;
    expect(hex(log.secret('CLIENT_RANDOM', random(8)))).toBe(master);
  });

  it('that is replaced or emptied is read anew, and one that vanishes does not matter', () => {
    let now = 0;
    const path = fileOf(`CLIENT_RANDOM ${random(1)} ${master}\n`);
    const log = new NodeKeyLog({ path, clock: () => now });
    renameSync(fileOf(`CLIENT_RANDOM ${random(2)} ${master}\n`), path);
    now += 1000;
    expect(log.secret('CLIENT_RANDOM', random(2))).not.toBeNull();
    writeFileSync(path, '');
    now += 1000;
    expect(log.secret('CLIENT_RANDOM', random(3))).toBeNull();
    appendFileSync(path, `CLIENT_RANDOM ${random(3)} ${master}\n`);
    now += 1000;
    expect(log.secret('CLIENT_RANDOM', random(3))).not.toBeNull();
    rmSync(path);
    now += 1000;
    expect(log.secret('CLIENT_RANDOM', random(4))).toBeNull();
    expect(log.secret('CLIENT_RANDOM', random(1))).not.toBeNull();
  });

  it('larger than one read is read whole', () => {
    let text = '';
    for (let i = 0; i < 9000; i++) text += `CLIENT_RANDOM ${random(i)} ${master}\n`;
    const log = new NodeKeyLog({ path: fileOf(text) });
    expect(text.length).toBeGreaterThan(1 << 20);
    expect(log.size).toBe(9000);
    expect(log.ignored).toBe(0);
  });

  it('that is not there, cannot be read or is something else fails with a code and a hint', () => {
    expect(failureOf(() => new NodeKeyLog({ path: join(folder, 'none') })).code).toBe('NO_SUCH_FILE');
    expect(failureOf(() => new NodeKeyLog({ path: folder })).code).toBe('FILE_UNREADABLE');
    const other = failureOf(() => new NodeKeyLog({ path: fileOf('PK\x03\x04 something else\n') }));
    expect(other.code).toBe('UNKNOWN_FILE_FORMAT');
    expect(other.hint).toContain('SSLKEYLOGFILE');
  });
});
