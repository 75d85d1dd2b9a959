// Proves that secrets come from the named file and from capture files, each block once, as soon as the source has met it, and
// that a key log that cannot be read is said before anything is analysed.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Annotations, emptyAnnotations } from '../../capture/sources/index.ts';
import { Failure, type Source } from '../../core/index.ts';
import { tlsKeyLogKind } from '../machine/index.ts';
import { CaptureSecrets } from './capture-secrets.ts';

const folder = mkdtempSync(join(tmpdir(), 'taplight-secrets-'));
afterAll(() => rmSync(folder, { recursive: true }));

const random = (n: number): string => n.toString(16).padStart(64, '0');
const lineOf = (n: number): string => `CLIENT_RANDOM ${random(n)} ${'ab'.repeat(48)}\n`;
const block = (kind: number, n: number) => ({ kind, data: new TextEncoder().encode(lineOf(n)) });

/** A source that reads files has remarks; the rest of it is not asked for. */
const sourceWith = (annotations?: readonly Annotations[]): Source => ({ annotations }) as unknown as Source;
const knows = ({ keys }: CaptureSecrets, n: number): boolean => keys.secret('CLIENT_RANDOM', random(n)) !== null;

describe('secrets of a run', () => {
  it('are none without a key log and without files', () => {
    const secrets = new CaptureSecrets(sourceWith(), null);
    secrets.look();
    expect(secrets.keys.isEmpty).toBe(true);
  });

  it('are those of the named file', () => {
    const path = join(folder, 'keys');
    writeFileSync(path, lineOf(1));
    const secrets = new CaptureSecrets(sourceWith(), path);
    expect([knows(secrets, 1), knows(secrets, 2)]).toEqual([true, false]);
  });

  it('are those of every capture file too, once the source has come upon them', () => {
    const [one, two] = [emptyAnnotations('one'), emptyAnnotations('two')];
    const secrets = new CaptureSecrets(sourceWith([one, two]), null);
    secrets.look();
    expect(secrets.keys.isEmpty).toBe(true);
    one.secrets.push(block(tlsKeyLogKind, 1));
    two.secrets.push(block(tlsKeyLogKind, 2));
    secrets.look();
    one.secrets.push(block(tlsKeyLogKind, 3));
    secrets.look();
    expect([1, 2, 3].map((n) => knows(secrets, n))).toEqual([true, true, true]);
    expect(secrets.keys.size).toBe(3);
  });

  it('are not those of other protocols', () => {
    const one = emptyAnnotations('one');
    one.secrets.push(block(0x57_47_4b_4c, 1));
    const secrets = new CaptureSecrets(sourceWith([one]), null);
    secrets.look();
    expect(secrets.keys.size).toBe(0);
  });

  it('fail at once when the named file is missing or is something else', () => {
    const codeOf = (path: string): string | null => {
      try {
        new CaptureSecrets(sourceWith(), path);
        return null;
      } catch (cause) {
        return cause instanceof Failure ? cause.code : 'another error';
      }
    };
    expect(codeOf(join(folder, 'missing'))).toBe('NO_SUCH_FILE');
    const letter = join(folder, 'letter');
    writeFileSync(letter, 'dear friend\n');
    expect(codeOf(letter)).toBe('UNKNOWN_FILE_FORMAT');
  });
});
