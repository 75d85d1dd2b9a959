// Proves that an entry is told when it is new, when it is worse, and as it doubles; not in between.

import { describe, expect, it } from 'vitest';
import { defineDetector } from '../detector.ts';
import { Stage } from '../golden/stage.ts';
import { openHits } from './hits.ts';

const match = { list: { name: 'bad.txt', confidence: 0.3 }, indicator: 'x' };

/** Each flow is a hit; its port is the level. */
const noting = defineDetector({
  name: 'intel.test',
  title: '',
  version: 1,
  severity: 'low',
  mitre: null,
  meaning: '',
  benign: '',
  next: '',
  options: {},
  open: (around) => {
    const hits = openHits(around);
    return {
      moments: 1,
      flow: (s) =>
        hits.note([4, s.o0, 0, 0, 0], match, 'x', s.rPort as 1 | 2 | 3, (times) => ({
          sources: [],
          targets: [],
          explain: `${times}`,
          filter: 'ip',
        })),
    };
  },
});

describe('hits', () => {
  it('grow', () => {
    const stage = new Stage(noting);
    const seen = [1, 1, 1, 3, 1, 1, 1, 1].map((rPort) => {
      stage.flow('opened', { rPort });
      const [alert] = stage.alerts;
      return `${alert.severity} ${alert.observed}`;
    });
    expect(seen).toEqual(['low 1', 'low 2', 'low 2', 'high 4', 'high 4', 'high 4', 'high 4', 'high 8']);
    expect(stage.alerts[0].against).toContain('not sure');
  });
});
