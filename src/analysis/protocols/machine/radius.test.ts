// Proves what is told of RADIUS: users and decisions, never passwords; logons over challenges as one row.

import { expect, it } from 'vitest';
import { bytesOf, converse, type Heard, type Setting } from '../golden/converse.ts';
import { radius } from './radius.ts';

const port: Setting = { proto: 17, rPort: 1812 };
const message = (code: string, id: string, ...attributes: (string | Uint8Array)[]): Uint8Array => {
  const inside = bytesOf(...attributes);
  const size = (20 + inside.length).toString(16).padStart(4, '0');
  return bytesOf(code, id, size, new Uint8Array(16).fill(0x5a), inside);
};
const asked = message(
  '01',
  '07',
  '0106',
  "'anna",
  '0212',
  "'secret-secret-16",
  '0406 c0000204',
  '1f13',
  "'00-11-22-33-44-55",
);
const challenged = message('0b', '07', '0806 c0000209', '1207', "'Hello");
const again = message('01', '08', '0106', "'anna");
const accepted = message('02', '08', '0806 c000020a');
const eve = (heard: Heard) => heard.told.filter((one) => one.options.only === 'eve').map((one) => one.event);
const rows = (heard: Heard) => heard.told.filter((one) => one.options.only === 'log');

it('tells each question with its answer, and no password', () => {
  const steps = [asked, challenged, again, accepted].map((bytes, i) => ({ side: (i & 1) as 0 | 1, bytes }));
  const heard = converse([radius], steps, port);
  expect(heard.how).toBe('handshake');
  expect(eve(heard)).toEqual([
    {
      id: 7,
      request: 'Access-Request',
      userName: 'anna',
      nasAddress: '192.0.2.4',
      mac: '00:11:22:33:44:55',
      framedAddress: '192.0.2.9',
      replyMessage: 'Hello',
      response: 'Access-Challenge',
      latencyUs: 1000,
    },
    {
      id: 8,
      request: 'Access-Request',
      userName: 'anna',
      framedAddress: '192.0.2.10',
      response: 'Access-Accept',
      result: 'success',
      latencyUs: 1000,
    },
  ]);
  expect(JSON.stringify(heard.told)).not.toContain('secret');
  expect(rows(heard).map((one) => one.event)).toEqual([
    {
      userName: 'anna',
      mac: '00:11:22:33:44:55',
      framedAddress: '192.0.2.9',
      replyMessage: 'Hello',
      result: 'success',
      logonUs: 3000,
    },
  ]);
});

it('tells a question that nobody answered when the flow ends', () => {
  const heard = converse(
    [radius],
    [
      { side: 0, bytes: asked },
      { side: 0, bytes: asked },
    ],
    port,
  );
  expect(eve(heard)).toMatchObject([{ userName: 'anna', result: 'unknown' }]);
  expect(rows(heard)).toHaveLength(1);
  expect(rows(heard)[0].event.result).toBe('unknown');
});

it('tells reports of sessions', () => {
  const report = message('04', '01', '0106', "'anna", '2806 00000002', '2e06 0000003c', '2c05', "'s-1");
  const heard = converse(
    [radius],
    [
      { side: 0, bytes: report },
      { side: 1, bytes: message('05', '01') },
    ],
    { proto: 17, rPort: 1813 },
  );
  expect(eve(heard)).toMatchObject([{ accounting: 'stop', sessionSec: 60, sessionId: 's-1', result: 'success' }]);
  expect(rows(heard)).toEqual([]);
});

it('is refused when attributes do not fill the message', () => {
  const wrong = asked.slice();
  wrong[21] = 1;
  expect(converse([radius], [{ side: 0, bytes: wrong }], { proto: 17 }).names).toEqual([]);
  expect(converse([radius], [{ side: 0, bytes: asked }], { proto: 17 }).names).toEqual(['radius']);
});

it('survives every truncation', () => {
  for (let end = 0; end < asked.length; end++) {
    expect(converse([radius], [{ side: 0, bytes: asked.slice(0, end) }], { ...port, open: true }).threw).toEqual([]);
  }
});
