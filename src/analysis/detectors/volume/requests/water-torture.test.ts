// Proves that random names under one domain from many clients make one alert, and that names that exist, one client,
// many domains and hostile values make none.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { waterTorture } from './water-torture.ts';

const random = (n: number): string => ((n * 2_654_435_761) >>> 0).toString(36);

function ask(stage: Stage, n: number, clients: number, domain: string, rcodeName?: string): void {
  const event = { query: `${random(n)}.${domain}`, ...(rcodeName === undefined ? {} : { rcodeName }) };
  stage.event('dns', event, { from: `10.0.1.${n % clients}`, sPort: 53, proto: 17, only: 'log' }).wait(0.02);
}

describe('dns.water-torture', () => {
  it('hit: names that do not exist, or get no answer', () => {
    const stage = new Stage(waterTorture);
    for (let n = 0; n < 900; n++) ask(stage, n, 20, 'example.co.uk', n % 2 === 0 ? 'NXDOMAIN' : undefined);
    expect(stage.alerts.map(({ key, severity }) => [key, severity])).toEqual([['example.co.uk at 10.0.0.2', 'high']]);
  });

  it('miss: names that exist, one client, many domains', () => {
    const stage = new Stage(waterTorture);
    for (let n = 0; n < 1500; n++) {
      ask(stage, n, 20, 'cdn.example', n % 10 === 0 ? 'NXDOMAIN' : 'NOERROR');
      ask(stage, n, 2, 'tunnel.example', 'NXDOMAIN');
      ask(stage, n, 20, `d${n % 300}.example`, 'NXDOMAIN');
    }
    expect(stage.alerts).toEqual([]);
  });

  it('miss: values of any shape', () => {
    const stage = new Stage(waterTorture);
    for (const query of [undefined, 7, '', '.', '..', 'a'.repeat(5000), '1.0.0.10.in-addr.arpa', null]) {
      for (let n = 0; n < 600; n++) stage.event('dns', { query, rcodeName: 'NXDOMAIN' } as never, { only: 'log' });
    }
    expect(stage.alerts).toEqual([]);
  });
});
