// Proves that the words of a command line are sorted as tcpdump's users expect, and that mistakes get one sentence.

import { describe, expect, it } from 'vitest';
import { Failure } from '../../../core/index.ts';
import { readArguments } from './arguments.ts';

function failure(...words: string[]): Failure {
  try {
    readArguments(words);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('no failure');
}

describe('readArguments', () => {
  it('reads short, long, joined and repeated options', () => {
    const read = readArguments([
      '-nq',
      '-ieth0',
      '-c',
      '5',
      '--threshold=7',
      '-r',
      'a',
      '-r',
      '-',
      'tcp',
      'port',
      '80',
    ]);
    expect(read.given).toEqual({
      names: ['no'],
      quiet: ['yes'],
      interface: ['eth0'],
      count: ['5'],
      threshold: ['7'],
      read: ['a', '-'],
    });
    expect(read.words).toEqual(['tcp', 'port', '80']);
    expect(read.command).toBe('capture');
  });

  it('lets options stand between and after the words of a filter', () => {
    const read = readArguments(['-r', 'a', 'tcp', '-q', 'port', '80', '--print', '--', '-x', 'y']);
    expect(read.words).toEqual(['tcp', 'port', '80']);
    expect(read.afterDashes).toEqual(['-x', 'y']);
    expect(read.given.print).toEqual(['yes']);
  });

  it('turns flags that begin with no- off', () => {
    expect(readArguments(['-p']).given.promiscuous).toEqual(['no']);
    expect(readArguments(['--no-color']).given.color).toEqual(['no']);
    expect(readArguments(['--no-tui']).given.tui).toEqual(['no']);
    expect(readArguments(['--tui']).given.tui).toEqual(['yes']);
  });

  it('knows commands by their first word only', () => {
    expect(readArguments(['doctor', '--json']).command).toBe('doctor');
    expect(readArguments(['interfaces']).command).toBe('interfaces');
    expect(readArguments(['-i', 'lo', 'doctor'])).toMatchObject({ command: 'capture', words: ['doctor'] });
  });

  it('tells short from long help and finds the version anywhere', () => {
    expect(readArguments(['-h']).help).toBe('short');
    expect(readArguments(['--help']).help).toBe('long');
    expect(readArguments(['help', 'doctor'])).toMatchObject({ help: 'long', command: 'doctor' });
    expect(readArguments(['-q', '-V']).version).toBe(true);
  });

  it('refuses what it does not know, with the next step', () => {
    expect(failure('--treshold', '4').message).toBe("unknown option '--treshold'");
    expect(failure('--treshold', '4').hint).toContain('--threshold');
    expect(failure('--sniff', 'dir').code).toBe('BAD_OPTION');
    expect(failure('-c').message).toContain('argument missing');
    expect(failure('doctor', '-i', 'lo').message).toBe("unknown option '-i'");
    expect(failure('-Z').message.includes('\n')).toBe(false);
  });
});
