// Proves that the bottom line never mixes with text, and that a stream that breaks is told once and then left alone.

import { expect, it } from 'vitest';
import { openConsole } from './text-output.ts';

function fakeStream(columns = 20) {
  const heard: ((error: NodeJS.ErrnoException) => void)[] = [];
  const stream = {
    columns,
    text: '',
    write(data: string | Uint8Array, done?: () => void) {
      stream.text += data;
      done?.();
      return true;
    },
    on(_event: 'error', listener: (error: NodeJS.ErrnoException) => void) {
      heard.push(listener);
    },
    fail: (code: string) => {
      for (const listener of heard) listener(Object.assign(new Error(code), { code }));
    },
  };
  return stream;
}

it('is busy while a slow reader leaves more than a mebibyte untaken, and no longer once it breaks', async () => {
  const out = fakeStream();
  const taken: (() => void)[] = [];
  out.write = (_data, done) => taken.push(done ?? (() => {})) < 0;
  const shown = openConsole(out, fakeStream(), () => {});
  shown.out('a'.repeat(1 << 19));
  shown.flush();
  expect(shown.busy()).toBeNull();
  shown.out('b'.repeat((1 << 19) + 1));
  shown.flush();
  const busy = [shown.busy(), shown.busy()];
  taken[0]();
  await Promise.all(busy);
  expect(shown.busy()).toBeNull();
  shown.out('c'.repeat(1 << 20));
  shown.flush();
  const broken = shown.busy();
  expect(broken).not.toBeNull();
  out.fail('EPIPE');
  await broken;
  expect(shown.busy()).toBeNull();
});

it('takes the bottom line away before text and shows it again after', async () => {
  const out = fakeStream();
  const err = fakeStream();
  const shown = openConsole(out, err, () => {});
  shown.bottom('busy');
  shown.out('a\n');
  shown.out('b\n');
  expect(out.text).toBe('');
  shown.flush();
  expect(out.text).toBe('a\nb\n');
  expect(err.text).toBe('\rbusy\x1b[K\r\x1b[K\rbusy\x1b[K');
  await shown.finish();
  expect(err.text.endsWith('\r\x1b[K')).toBe(true);
});

it('cuts the bottom line at the width of the terminal', () => {
  const err = fakeStream(6);
  openConsole(fakeStream(), err, () => {}).bottom('123456789');
  expect(err.text).toBe('\r12345\x1b[K');
});

it('tells of a broken stdout once and throws later text away', async () => {
  const out = fakeStream();
  const told: (string | undefined)[] = [];
  const shown = openConsole(out, fakeStream(), (error) => told.push(error.code));
  out.fail('EPIPE');
  out.fail('EPIPE');
  shown.out('x');
  await shown.finish();
  expect(told).toEqual(['EPIPE']);
  expect(out.text).toBe('');
});

it('writes by itself before much is gathered', () => {
  const out = fakeStream();
  const shown = openConsole(out, fakeStream(), () => {});
  shown.out('x'.repeat(70_000));
  expect(out.text.length).toBe(70_000);
});
