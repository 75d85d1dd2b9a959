// Proves that urgent data to NetBIOS make an alert, and that urgent data elsewhere or without data make none.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { winnuke } from './winnuke.ts';

describe('proto.winnuke', () => {
  it('hit: urgent data to port 139', () => {
    const stage = new Stage(winnuke).odd('tcp.urgent', { dPort: 139, value: 3, limit: 3 });
    expect(stage.alerts).toMatchObject([{ severity: 'high', key: '10.0.0.1', targets: ['10.0.0.2'] }]);
  });

  it('miss: urgent data in Telnet, and a scanner’s flags without data', () => {
    const stage = new Stage(winnuke).odd('tcp.urgent', { dPort: 23, value: 1, limit: 2 });
    expect(stage.odd('tcp.urgent', { dPort: 139, value: 0, limit: 0 }).alerts).toEqual([]);
  });
});
