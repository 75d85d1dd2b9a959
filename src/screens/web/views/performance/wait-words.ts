// What flows wait for, in words.

import type { Family, Wait } from '../../../../core/index.ts';

interface WaitWords {
  readonly title: string;
  readonly sentence: string;
  /** Whose colour it takes. */
  readonly family: Family;
}

export const waitWords: Readonly<Record<Wait, WaitWords>> = {
  server: { title: 'the server', sentence: 'It had the question and had not answered yet.', family: 'web-secret' },
  client: { title: 'the client', sentence: 'The server was ready; the client asked or sent nothing.', family: 'names' },
  receiver_window: {
    title: 'room at the receiver',
    sentence: 'The receiver’s window was full: its program reads too slowly.',
    family: 'web-clear',
  },
  sender_window: {
    title: 'the sender’s window',
    sentence: 'The sender waited for acknowledgements before it went on.',
    family: 'quic',
  },
  loss: {
    title: 'lost packets',
    sentence: 'Segments were lost on the way and had to be sent again.',
    family: 'remote',
  },
  queueing: {
    title: 'queues on the way',
    sentence: 'Round trips grew while it sent: something on the way was full.',
    family: 'mail-files',
  },
  bandwidth: { title: 'bandwidth', sentence: 'It sent as fast as the way allows.', family: 'local' },
  round_trips: { title: 'round trips', sentence: 'Handshakes and small turns: distance, not speed.', family: 'other' },
  not_captured: {
    title: 'what was not captured',
    sentence: 'The capture has holes there, so nobody can say.',
    family: 'other',
  },
};
