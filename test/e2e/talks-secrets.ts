// What is secret in the scene of talks-scene.ts, in every form in which it passes by: none of it may be told.

import { Buffer } from 'node:buffer';

export const loginSecret = 'hushhush-Login-4711';
export const cookieSecret = 'hushhush-Cookie-4712';
export const tokenSecret = 'hushhush-Token-4713';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Texts that must not be in any output. */
export const secretForms: readonly string[] = [
  'hushhush',
  base64(`\0anna\0${loginSecret}`),
  base64(`anna:${loginSecret}`),
  base64(loginSecret),
  Buffer.from('hushhush').toString('hex'),
];
