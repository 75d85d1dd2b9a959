// Proves that every way in which a flow stands or ends has a word that users know, and a sentence for it.
import { describe, expect, it } from 'vitest';
import { flowEnds, tcpStates } from '../../../core/index.ts';
import { flowStateMeaning, flowStateText } from './flow-state.ts';

describe('the state of a flow', () => {
  it('is told by how it ended', () => {
    expect(flowStateText('closed', 'fin', false, 'SF')).toBe('closed');
    expect(flowStateText('closed', 'rst', false, 'RSTO')).toBe('reset');
    expect(flowStateText('closed', 'rst', false, 'REJ')).toBe('refused');
    expect(flowStateText('syn_sent', 'timeout', false, 'S0')).toBe('no answer');
    expect(flowStateText('established', 'timeout', false, 'S1')).toBe('idle');
    expect(flowStateText('none', 'shutdown', false, 'SF')).toBe('open at end');
    expect(flowStateText('closed', 'shutdown', false)).toBe('closed');
  });

  it('is open while it goes on, and opening or closing where TCP says so', () => {
    expect(flowStateText('established', '', true)).toBe('open');
    expect(flowStateText('', '', true, 'S0')).toBe('open');
    expect(flowStateText('syn_sent', '', true)).toBe('opening');
    expect(flowStateText('close_wait', '', true)).toBe('closing');
  });

  it('never is a word of the program, fits its column, and has a meaning', () => {
    for (const isOpen of [true, false])
      for (const state of ['', ...tcpStates])
        for (const end of ['', ...flowEnds]) {
          const word = flowStateText(state, end, isOpen);
          expect(word).not.toMatch(/_|shutdown|timeout|eviction|reuse/);
          expect(word.length).toBeLessThanOrEqual(11);
          expect(flowStateMeaning[word]).toBeDefined();
        }
  });
});
