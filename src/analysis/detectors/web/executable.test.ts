// Proves that programs fetched in clear are told, graver the more they hide, and other files are not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../golden/stage.ts';
import { executable } from './executable.ts';

const program = { responseMimeTypes: ['application/x-dosexec'], url: '/setup.exe', hostname: 'dl.example.org' };
const world = { to: '93.184.216.34' };
const severities = (event: object, place = world) =>
  new Stage(executable).event('http', { ...event }, place).alerts.map(({ severity }) => severity);

describe('web.executable', () => {
  it('hit: openly a remark; from a bare address low; as a picture from there medium', () => {
    expect(severities(program)).toEqual(['info']);
    expect(severities({ ...program, hostname: '93.184.216.34' })).toEqual(['low']);
    expect(severities({ ...program, hostname: '93.184.216.34', url: '/a/pic.jpg', contentType: 'image/jpeg' })).toEqual(
      ['medium'],
    );
  });

  it('miss: a page, and a program that was only asked for', () => {
    expect(severities({ ...program, responseMimeTypes: ['text/html'] })).toEqual([]);
    expect(severities({ url: '/setup.exe' })).toEqual([]);
    expect(severities({ responseMimeTypes: [7, null] })).toEqual([]);
  });
});
