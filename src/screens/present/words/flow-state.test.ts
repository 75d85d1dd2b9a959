// Proves that every way a flow can stand has a word that people know, and that refused is told from closed.

import { describe, expect, it } from 'vitest';
import { flowEnds, tcpStates } from '../../../core/index.ts';
import { flowStateText } from './flow-state.ts';

describe('the state of a flow in words', () => {
  it.each([
    ['established', 'open', true, '', 'open'],
    ['syn_sent', 'open', true, '', 'opening'],
    ['', 'open', true, '', 'open'],
    ['closed', 'timeout', false, 'SF', 'closed'],
    ['closed', 'timeout', false, 'REJ', 'refused'],
    ['closed', 'timeout', false, 'RSTR', 'reset'],
    ['closed', 'rst', false, '', 'reset'],
    ['syn_sent', 'timeout', false, 'S0', 'no answer'],
    ['', 'timeout', false, 'S0', 'idle'],
    ['established', 'shutdown', false, 'S1', 'open at end'],
    ['', 'eviction', false, '', 'pushed out'],
    ['', '', false, '', ''],
  ] as const)('%s, %s, open: %s, %s is %s', (state, end, isOpen, conn, word) => {
    expect(flowStateText(state, end, isOpen, conn)).toBe(word);
  });

  it('has a word of at most eleven letters for each of them', () => {
    for (const state of tcpStates) {
      for (const end of flowEnds) {
        for (const isOpen of [true, false]) {
          const word = flowStateText(state === 'none' ? '' : state, end, isOpen);
          expect(word).toMatch(/^[a-z ]{4,11}$/);
          expect(word).not.toBe('timeout');
        }
      }
    }
  });
});
