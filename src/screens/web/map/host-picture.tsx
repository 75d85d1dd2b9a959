// Hosts and who speaks with whom: the house on the inner ring, the outside on the outer one.

import { printable } from '../../../core/index.ts';
import { directionPaint, familyPaint, formatBytes } from '../../present/index.ts';
import { Picked } from '../charts/sankey/picked.tsx';
import { colourOf } from '../charts/units.ts';
import type { Screen } from '../shell/screen.ts';
import { ofHost } from '../views/pieces/terms.ts';
import type { Graph, Node } from './graph-layout.ts';

interface PictureProps {
  readonly screen: Pick<Screen, 'theme' | 'narrow'>;
  readonly graph: Graph;
  readonly radius: number;
  readonly nameOf: (ip: string) => string;
}

const labelsShown = 24;
const margin = 320;

export function HostPicture({ screen, graph, radius, nameOf }: PictureProps) {
  const { nodes, edges } = graph;
  const place = new Map(nodes.map((node) => [node.name, node]));
  const mostEdge = Math.max(1, ...edges.map(({ bytes }) => bytes));
  const mostNode = Math.max(1, ...nodes.map(({ bytes }) => bytes));
  const width = 2 * (radius + margin);
  const height = 2 * radius + 60;
  return (
    <svg class="map" viewBox={`${-width / 2} ${-height / 2} ${width} ${height}`} aria-label="Who speaks with whom">
      {edges.map(({ a, b, bytes }) => {
        const [from, to] = [place.get(a)!, place.get(b)!];
        return (
          <line
            key={`${a} ${b}`}
            x1={from.x}
            y1={from.y}
            x2={to.x}
            y2={to.y}
            stroke="var(--control)"
            stroke-opacity="0.55"
            stroke-width={Math.max(0.75, 6 * Math.sqrt(bytes / mostEdge))}
          />
        );
      })}
      {nodes.map((node, i) => (
        <Host
          key={node.name}
          screen={screen}
          node={node}
          size={Math.max(5, 16 * Math.sqrt(node.bytes / mostNode))}
          label={i < labelsShown ? nameOf(node.name) : ''}
          title={nameOf(node.name)}
        />
      ))}
    </svg>
  );
}

interface HostProps {
  readonly screen: Pick<Screen, 'theme' | 'narrow'>;
  readonly node: Node;
  readonly size: number;
  readonly label: string;
  readonly title: string;
}

function Host({ screen, node, size, label, title }: HostProps) {
  const { x, y, name, isInside, bytes } = node;
  const paint = isInside ? familyPaint['web-secret'] : directionPaint.out;
  const short = label.length > 26 ? `${label.slice(0, 25)}…` : label;
  return (
    <Picked
      label={`${printable(title)}, ${isInside ? 'inside' : 'outside'}: ${formatBytes(bytes)}`}
      onPick={(isNot) => screen.narrow(ofHost(name), isNot)}
    >
      <circle cx={x} cy={y} r={Math.max(12, size)} fill="transparent" />
      {/* Inside is round, outside is square. */}
      {isInside ? (
        <circle cx={x} cy={y} r={size} fill={colourOf(paint, screen.theme.value)} stroke="var(--base)" />
      ) : (
        <rect
          x={x - size}
          y={y - size}
          width={2 * size}
          height={2 * size}
          fill={colourOf(paint, screen.theme.value)}
          stroke="var(--base)"
        />
      )}
      <title>{`${printable(title)} (${printable(name)}): ${formatBytes(bytes)}`}</title>
      {short !== '' && (
        <text
          x={x + (x < 0 ? -size - 5 : size + 5)}
          y={y}
          text-anchor={x < 0 ? 'end' : 'start'}
          dominant-baseline="middle"
        >
          {printable(short)}
        </text>
      )}
    </Picked>
  );
}
