// Proves that functions of the shell in headers, headers that come twice, scanners and nameless programs are told, and
// ordinary browsers are not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../golden/stage.ts';
import { isRandom, oddAgent, scanner } from './agents.ts';
import { shellshock } from './shellshock.ts';
import { smuggling } from './smuggling.ts';

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:45.0) Gecko/20100101 Firefox/45.0';
const request = (more: object) => ({
  method: 'GET',
  target: '/cgi-bin/a',
  shownTarget: '/cgi-bin/a',
  userAgent: firefox,
  ...more,
});

describe('web.shellshock', () => {
  it('hit', () => {
    const stage = new Stage(shellshock).event('http_request', request({ userAgent: '() { 42;};echo;/usr/bin/id' }));
    stage.event('http_request', request({ odd: 'X-A: () { :; }; ping -c 1 192.0.2.1\n' }));
    expect(stage.alerts.map(({ severity, count }) => [severity, count])).toEqual([['high', 2]]);
  });

  it('miss', () => {
    const stage = new Stage(shellshock).event('http_request', request({ userAgent: 'x() {' }));
    expect(stage.event('http_request', request({ odd: 'X: f(){}\n' })).alerts).toEqual([]);
  });
});

describe('web.smuggling', () => {
  it('hit', () => {
    const [alert] = new Stage(smuggling).event('http_request', request({ twice: 'Host' })).alerts;
    expect(alert.severity).toBe('medium');
    expect(alert.explain).toContain('two different Host headers');
  });

  it('miss', () => {
    expect(new Stage(smuggling).event('http_request', request({})).alerts).toEqual([]);
  });
});

describe('web.scanner', () => {
  it('hit: low at first, medium after many requests', () => {
    const stage = new Stage(scanner).event('http_request', request({ userAgent: 'sqlmap/1.7#stable' }));
    expect(stage.alerts[0].severity).toBe('low');
    for (let i = 0; i < 100; i++) stage.event('http_request', request({ userAgent: 'sqlmap/1.7#stable' }));
    expect(stage.alerts.map(({ severity }) => severity)).toEqual(['medium']);
  });

  it('miss', () => {
    const stage = new Stage(scanner).event('http_request', request({})).event('http_request', { userAgent: 4 });
    expect(stage.alerts).toEqual([]);
  });
});

describe('web.odd-agent', () => {
  it('hit: none, stars, letters without a sense', () => {
    const stage = new Stage(oddAgent)
      .event('http_request', request({ userAgent: undefined }), { from: '10.0.0.3' })
      .event('http_request', request({ userAgent: '**' }), { from: '10.0.0.4' })
      .event('http_request', request({ userAgent: 'pwtyyEKzNtGatwnJjmCcBLbOveCVpc' }), { from: '10.0.0.5' });
    expect(stage.alerts.map(({ severity }) => severity)).toEqual(['info', 'info', 'low']);
  });

  it('miss: browsers, and names of one word', () => {
    expect(new Stage(oddAgent).event('http_request', request({})).alerts).toEqual([]);
    expect(
      ['DeliveryOptimization', 'MicrosoftNCSIAgent', 'com.apple.trustd', 'WindowsUpdateAgent'].filter(isRandom),
    ).toEqual([]);
  });
});
