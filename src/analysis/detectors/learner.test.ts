// Proves that what detectors share hears each signal before them, once, and that its fault is told and ends nothing.

import { expect, test } from 'vitest';
import type { FlowSignal } from '../../core/index.ts';
import { type Detector, defineDetector, type Watch } from './detector.ts';
import { Stage } from './golden/stage.ts';

class Counter implements Watch {
  readonly moments = 1;
  flows = 0;
  flow(): void {
    this.flows++;
    if (this.flows === 3) throw new Error('three');
  }
}

/** A detector that remembers what the counter said when it was told itself. */
function reader(name: string, seen: number[]): Detector {
  return defineDetector({
    name,
    title: '',
    version: 1,
    severity: 'info',
    mitre: null,
    meaning: '',
    benign: '',
    next: '',
    options: {},
    open: ({ learner }) => {
      const counter = learner('counter', () => new Counter());
      return { moments: 1, flow: (_: FlowSignal) => void seen.push(counter.flows) };
    },
  });
}

test('a learner is told first, and once for all', () => {
  const first: number[] = [];
  const second: number[] = [];
  const stage = new Stage([reader('test.one', first), reader('test.two', second)]);
  for (let i = 0; i < 4; i++) stage.flow('opened');
  expect([first, second]).toEqual([
    [1, 2, 3, 3],
    [1, 2, 3, 3],
  ]);
  expect(stage.detection.faults().map(({ detector, fault }) => [detector, fault.includes('three')])).toEqual([
    ['test.one', true],
  ]);
});
