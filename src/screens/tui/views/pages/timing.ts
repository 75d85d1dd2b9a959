// How long the parts of a flow took, as steps of a ladder: handshake, answers, and what it waited for.

import type { Row } from '../../../api/index.ts';
import { formatDuration } from '../../../present/index.ts';
import { facts, heading } from '../../frame/boxes.ts';
import { fit, type Spans, span } from '../../frame/lines.ts';
import { barSpans } from '../../frame/spark.ts';
import type { Look } from '../../frame/view.ts';
import { numberAt, textAt } from '../parts/rows.ts';

interface Leg {
  readonly label: string;
  readonly us: number;
  readonly more: string;
}

/** What a flow waited for, in words that follow "waited". */
export const waitWords: Readonly<Record<string, string>> = {
  server: 'for the server to answer',
  client: 'for the client to go on',
  receiver_window: 'because the receiver had no room',
  sender_window: 'because the sender had no room',
  loss: 'while lost packets were sent again',
  queueing: 'in queues on the way',
  bandwidth: 'for bytes to come through',
  round_trips: 'for round trips',
  not_captured: 'for what was not captured',
};

function legsOf(flow: Row): Leg[] {
  const legs: [string, string, string][] = [
    ['SYN → SYN-ACK', 'server_rtt_us', 'to the server and back'],
    ['SYN-ACK → ACK', 'client_rtt_us', 'to the client and back'],
    ['handshake', 'rtt_us', ''],
    ['answer, mean', 'response_us', answersOf(flow)],
    ['answer, longest', 'response_most_us', ''],
  ];
  const hasParts = numberAt(flow, 'server_rtt_us') !== null;
  return legs.flatMap(([label, column, more]) => {
    const us = numberAt(flow, column);
    return us === null || (hasParts && column === 'rtt_us') ? [] : [{ label, us, more }];
  });
}

function answersOf(flow: Row): string {
  const count = numberAt(flow, 'responses') ?? 0;
  return count > 1 ? `of ${count} answers` : '';
}

/** `It waited 71 % of its time for the server to answer.` */
export function verdictSentence(flow: Row): string {
  const verdict = textAt(flow, 'verdict');
  const words = waitWords[verdict];
  if (words === undefined) return '';
  const percent = numberAt(flow, 'verdict_percent') ?? 0;
  return percent > 0 ? `It waited ${percent} % of its time ${words}.` : `It waited ${words}.`;
}

/** Heading, a bar for each leg, the verdict; one line where room is short; nothing where nothing was measured. */
export function timingRows(flow: Row, cells: number, isSmall: boolean, look: Look): Spans[] {
  const legs = legsOf(flow);
  const verdict = verdictSentence(flow);
  if (legs.length === 0 && verdict === '') return [];
  const head = heading('Timing', cells, look, [span(verdict, 'text')]);
  if (legs.length === 0) return [head];
  if (isSmall)
    return [
      head,
      facts(
        legs.map(({ label, us }) => [label, formatDuration(us / 1e6)]),
        cells,
      ),
    ];
  const most = Math.max(...legs.map(({ us }) => us));
  const wide = Math.max(4, Math.min(60, cells - 54));
  const rows = legs.map(
    ({ label, us, more }): Spans => [
      ...fit([span(` ${label}`, 'muted')], 17, look),
      ...fit([span(formatDuration(us / 1e6))], 10, look, 'right'),
      span('  '),
      ...barSpans(us / most, wide, look, 'text'),
      span(`  ${more}`, 'muted'),
    ],
  );
  return [head, ...rows];
}
