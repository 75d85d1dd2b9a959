// Who sends how much to whom: clients on the left, servers on the right, bands as thick as their bytes.

import { formatBytes, formatPercent, type Paint } from '../../../present/index.ts';
import type { Screen } from '../../shell/screen.ts';
import { ChartFigure } from '../figure.tsx';
import { colourOf } from '../units.ts';
import { type Band, type Box, foldedLinks, type Link, sankeyLayout } from './layout.ts';
import { Picked } from './picked.tsx';

export interface Conversation extends Link {
  readonly paint: Paint;
  /** Terms of the filter language of both sides. */
  readonly fromTerm: string;
  readonly toTerm: string;
}

export interface SankeyProps {
  readonly screen: Pick<Screen, 'theme' | 'narrow'>;
  readonly title: string;
  readonly conversations: readonly Conversation[];
}

const width = 1100;
const nodeWidth = 10;
const labelWidth = 250;
const gap = 16;
const most = 10;
const others = 'others';

export function Sankey({ screen, title, conversations }: SankeyProps) {
  const theme = screen.theme.value;
  const links = foldedLinks(conversations, most, others);
  const rows = Math.max(new Set(links.map(({ from }) => from)).size, new Set(links.map(({ to }) => to)).size, 1);
  const height = Math.max(120, rows * 30);
  const { left, right, bands } = sankeyLayout(links, height, gap);
  const total = links.reduce((sum, { value }) => sum + value, 0);
  const paintOf = ({ from, to }: Band): string => {
    const found = conversations.find((each) => each.from === from && each.to === to);
    return found === undefined ? 'var(--muted)' : colourOf(found.paint, theme);
  };
  const [first] = [...links].sort((a, b) => b.value - a.value);
  const sentence =
    first === undefined
      ? 'No conversations yet.'
      : `The largest of ${links.length}: ${first.from} to ${first.to}, ${formatBytes(first.value)}, ${formatPercent(first.value, total)}.`;
  const table = () => ({
    columns: ['client', 'server', 'bytes', 'share'],
    rows: [...links]
      .sort((a, b) => b.value - a.value)
      .map(({ from, to, value }) => [from, to, formatBytes(value), formatPercent(value, total)]),
  });
  return (
    <ChartFigure title={title} sentence={sentence} table={table}>
      {first === undefined ? (
        <p class="muted">No conversations yet.</p>
      ) : (
        // biome-ignore-start lint/a11y: what scrolls on a narrow screen must be reachable by keyboard, and is no landmark
        <div class="sankey-room" role="group" tabIndex={0} aria-label={title}>
          <svg class="sankey" viewBox={`0 0 ${width} ${height}`} aria-label={title}>
            {bands.map((band) => (
              <path key={`${band.from}\n${band.to}`} d={bandPath(band)} fill={paintOf(band)} fill-opacity="0.45">
                <title>{`${band.from} → ${band.to}: ${formatBytes(band.value)}`}</title>
              </path>
            ))}
            {left.map((box) => (
              <Node
                key={box.name}
                box={box}
                isLeft
                onPick={pick(screen, conversations.find(({ from }) => from === box.name)?.fromTerm)}
              />
            ))}
            {right.map((box) => (
              <Node
                key={box.name}
                box={box}
                isLeft={false}
                onPick={pick(screen, conversations.find(({ to }) => to === box.name)?.toTerm)}
              />
            ))}
          </svg>
        </div>
        // biome-ignore-end lint/a11y: as above
      )}
    </ChartFigure>
  );
}

function pick(screen: Pick<Screen, 'narrow'>, term: string | undefined): ((isNot: boolean) => void) | null {
  return term === undefined ? null : (isNot) => screen.narrow(term, isNot);
}

const leftEdge = labelWidth + nodeWidth;
const rightEdge = width - labelWidth - nodeWidth;

function bandPath({ fromY, toY, height }: Band): string {
  const middle = (leftEdge + rightEdge) / 2;
  const thick = Math.max(height, 0.75);
  return `M${leftEdge} ${fromY}C${middle} ${fromY} ${middle} ${toY} ${rightEdge} ${toY}v${thick}C${middle} ${toY + thick} ${middle} ${fromY + thick} ${leftEdge} ${fromY + thick}Z`;
}

interface NodeProps {
  readonly box: Box;
  readonly isLeft: boolean;
  readonly onPick: ((isNot: boolean) => void) | null;
}

function Node({ box, isLeft, onPick }: NodeProps) {
  const x = isLeft ? labelWidth : rightEdge;
  const label = box.name.length > 28 ? `${box.name.slice(0, 27)}…` : box.name;
  const textX = isLeft ? labelWidth - 6 : rightEdge + nodeWidth + 6;
  const y = box.y + Math.max(box.height, 2) / 2;
  const inner = (
    <>
      <rect x={x} y={box.y} width={nodeWidth} height={Math.max(box.height, 2)} fill="var(--control)" />
      <text x={textX} y={y} dominant-baseline="middle" text-anchor={isLeft ? 'end' : 'start'}>
        {label} <tspan class="muted">{formatBytes(box.value)}</tspan>
      </text>
    </>
  );
  if (onPick === null) return <g>{inner}</g>;
  // What is to be seen is part of what is to be heard.
  const heard = `${label}, ${formatBytes(box.value)}${label === box.name ? '' : `: ${box.name}`}`;
  return (
    <Picked label={heard} onPick={onPick}>
      {inner}
    </Picked>
  );
}
