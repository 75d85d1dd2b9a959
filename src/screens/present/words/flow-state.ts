// How a flow stands, in a word people know: not as TCP or a flow table call it.

/**
 * `open`, `opening`, `closing`, `closed`, `reset`, `refused`, `no answer`, `idle`, `open at end`, `pushed out`; empty
 * where nobody knows.
 *
 * @param state TCP state in EVE's words; empty for other protocols
 * @param endReason why the latest record was written
 * @param connState Zeek's word, where it is known: it alone tells refused from closed
 */
export function flowStateText(state: string, endReason: string, isOpen: boolean, connState = ''): string {
  const ofHandshake = state === '' ? undefined : byConnState[connState];
  if (isOpen) return state === 'closed' ? (ofHandshake ?? 'closed') : (whileOpen[state] ?? 'open');
  if (ofHandshake !== undefined) return ofHandshake;
  if (state === 'closed' || state === 'time_wait') return endReason === 'rst' ? 'reset' : 'closed';
  return byEnd[endReason] ?? whileOpen[state] ?? '';
}

const byConnState: Readonly<Record<string, string>> = {
  REJ: 'refused',
  RSTO: 'reset',
  RSTR: 'reset',
  RSTOS0: 'reset',
  RSTRH: 'reset',
  S0: 'no answer',
};

const whileOpen: Readonly<Record<string, string>> = {
  new: 'open',
  established: 'open',
  syn_sent: 'opening',
  syn_recv: 'opening',
  fin_wait1: 'closing',
  fin_wait2: 'closing',
  close_wait: 'closing',
  last_ack: 'closing',
  closing: 'closing',
  time_wait: 'closed',
};

const byEnd: Readonly<Record<string, string>> = {
  open: 'open',
  fin: 'closed',
  rst: 'reset',
  timeout: 'idle',
  'active timeout': 'open',
  eviction: 'pushed out',
  shutdown: 'open at end',
  'tcp reuse': 'closed',
};
