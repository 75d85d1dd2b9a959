// How a flow stands, in a word that needs no book: the same in both screens.

/** Ways in which a flow's record ends (see `flowEnds`), for those who did not make the program. */
const endWords: Readonly<Record<string, string>> = {
  open: 'open',
  fin: 'closed',
  rst: 'reset',
  timeout: 'idle',
  'active timeout': 'goes on',
  eviction: 'gave way',
  shutdown: 'open at end',
  'tcp reuse': 'replaced',
};

/** Zeek's words for attempts that came to nothing. */
const failedWords: Readonly<Record<string, string>> = { REJ: 'refused', S0: 'no answer' };

const openWord = (state: string): string => {
  if (state === 'syn_sent' || state === 'syn_recv') return 'opening';
  return ['fin_wait1', 'fin_wait2', 'close_wait', 'last_ack', 'closing', 'time_wait'].includes(state)
    ? 'closing'
    : 'open';
};

/**
 * @param state TCP state, empty or `none` for other protocols
 * @param endReason why its record was written; empty: not known
 * @param connState in Zeek's words, where it is known: what was refused or never answered
 */
export function flowStateText(state: string, endReason: string, isOpen: boolean, connState = ''): string {
  if (isOpen) return openWord(state);
  const failed = failedWords[connState];
  if (failed !== undefined && endReason !== 'active timeout') return failed;
  if (endReason === 'shutdown' && state === 'closed') return 'closed';
  return endWords[endReason] ?? (state === '' || state === 'none' ? 'ended' : openWord(state));
}

/** In a sentence, for who asks what the word means. */
export const flowStateMeaning: Readonly<Record<string, string>> = {
  open: 'It goes on.',
  opening: 'The handshake is not complete.',
  closing: 'One side has said that it is done.',
  closed: 'Both sides said that they were done.',
  reset: 'One side broke it off.',
  refused: 'The other side does not take connections there.',
  'no answer': 'Nothing came back.',
  idle: 'Nothing was said for so long that it counts as over.',
  'goes on': 'This is a part of it; the rest has a record of its own.',
  'gave way': 'It was let go of to make room for newer ones.',
  'open at end': 'It went on when the capture ended.',
  replaced: 'Another connection began with the same addresses and ports.',
  ended: 'It is over.',
};
