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

  it('hit: an archive for a Java runtime that is called a page, as exploit kits send it', () => {
    const java = { userAgent: 'Mozilla/4.0 (Windows 7 6.1) Java/1.7.0_21', hostname: 'k615o5ij7f.example.org' };
    const packed = { ...java, responseMimeTypes: ['application/x-gzip'], url: '/B1ly2ZsC', contentType: 'text/html' };
    expect(severities(packed)).toEqual(['medium']);
    expect(severities({ ...packed, url: '/app.jar' })).toEqual(['low']);
    expect(severities({ ...packed, contentType: 'application/java-archive', url: '/app.jar' })).toEqual([]);
    expect(severities({ ...packed, userAgent: 'Mozilla/5.0 (X11)' })).toEqual([]);
    expect(severities({ ...packed, responseMimeTypes: ['text/html'] })).toEqual([]);
  });

  it('miss: a page, and a program that was only asked for', () => {
    expect(severities({ ...program, responseMimeTypes: ['text/html'] })).toEqual([]);
    expect(severities({ url: '/setup.exe' })).toEqual([]);
    expect(severities({ responseMimeTypes: [7, null] })).toEqual([]);
  });
});
