// Who spoke when, in two lanes; and how long each step of the handshake took.

import type { JSX } from 'preact';
import type { FlowDetails, Row } from '../../../api/index.ts';
import { clockTime, formatBytes, formatDuration } from '../../../present/index.ts';
import { numberOf } from './flow-words.ts';

const laneHeight = 30;
const columnWidth = 10;

/** Height of a bar: what is little beside the largest is still seen. */
const heightOf = (value: number, most: number): number =>
  value === 0 ? 0 : Math.max(2, Math.sqrt(value / most) * (laneHeight - 2));

export function Lanes({ timeline }: { readonly timeline: NonNullable<FlowDetails['timeline']> }): JSX.Element {
  const { startUs, stepUs, forward, backward } = timeline;
  const columns = Math.max(forward.length, backward.length, 1);
  const most = Math.max(...forward, ...backward, 1);
  const width = columns * columnWidth;
  const sum = (values: readonly number[]): number => values.reduce((all, each) => all + each, 0);
  const sentence = `Client sent ${formatBytes(sum(forward))}, server ${formatBytes(sum(backward))}, over ${formatDuration((columns * stepUs) / 1e6)}.`;
  return (
    <figure class="lanes">
      <h3>Who spoke when</h3>
      <svg viewBox={`0 0 ${width} ${laneHeight * 2}`} preserveAspectRatio="none" role="img" aria-label={sentence}>
        {forward.map((value, i) => {
          const height = heightOf(value, most);
          return (
            <rect
              key={i}
              class="d-out"
              x={i * columnWidth}
              width={columnWidth - 1}
              y={laneHeight - height}
              height={height}
            />
          );
        })}
        {backward.map((value, i) => (
          <rect
            key={i}
            class="d-in"
            x={i * columnWidth}
            width={columnWidth - 1}
            y={laneHeight}
            height={heightOf(value, most)}
          />
        ))}
        <line x1="0" x2={width} y1={laneHeight} y2={laneHeight} class="axis" />
      </svg>
      <figcaption class="small">
        <span>↑ client above, ↓ server below</span>
        <span class="muted num">
          {clockTime(startUs)} + {formatDuration((columns * stepUs) / 1e6)}
        </span>
      </figcaption>
    </figure>
  );
}

/** Steps in the order in which they happen; those that were not measured are left out. */
export function Handshake({ flow }: { readonly flow: Row }): JSX.Element | null {
  const steps: [string, number | null][] = [
    ['SYN → SYN-ACK: to the server and back', numberOf(flow.server_rtt_us)],
    ['SYN-ACK → ACK: to the client and back', numberOf(flow.client_rtt_us)],
    ['Mean time to an answer', numberOf(flow.response_us)],
    ['Longest time to an answer', numberOf(flow.response_most_us)],
  ];
  const measured = steps.filter((step): step is [string, number] => step[1] !== null);
  if (measured.length === 0) return null;
  const most = Math.max(...measured.map(([, us]) => us), 1);
  return (
    <section>
      <h3>Timing</h3>
      <dl class="ladder">
        {measured.map(([name, us]) => (
          <div key={name} style={{ '--share': `${((us / most) * 100).toFixed(1)}%` }}>
            <dt>{name}</dt>
            <dd class="num">{formatDuration(us / 1e6)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
