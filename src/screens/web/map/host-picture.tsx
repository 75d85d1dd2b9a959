// Hosts and who speaks with whom: the house on the inner ring, the outside on the outer one.

import { useEffect, useRef, useState } from 'preact/hooks';
import { printable } from '../../../core/index.ts';
import { directionPaint, familyPaint, formatBytes } from '../../present/index.ts';
import { Picked } from '../charts/sankey/picked.tsx';
import { colourOf } from '../charts/units.ts';
import type { Screen } from '../shell/screen.ts';
import { ofHost } from '../views/pieces/terms.ts';
import type { Graph, Node } from './graph-layout.ts';
import { labelPlaces, type Place } from './labels.ts';

interface PictureProps {
  readonly screen: Pick<Screen, 'theme' | 'narrow'>;
  /** Of radius 1. */
  readonly graph: Graph;
  readonly nameOf: (ip: string) => string;
}

const largestNode = 16;
const smallestNode = 5;
const longestLabel = 26;

/** Letters keep their size: the rings take the room there is. */
export function HostPicture({ screen, graph, nameOf }: PictureProps) {
  const room = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const watch = new ResizeObserver(([{ contentRect }]) => setWidth(Math.round(contentRect.width)));
    if (room.current !== null) watch.observe(room.current);
    return () => watch.disconnect();
  }, []);
  return (
    <div ref={room} class="map-room">
      {width > 0 && <Picture screen={screen} graph={graph} nameOf={nameOf} width={width} />}
    </div>
  );
}

function Picture({ screen, graph, nameOf, width }: PictureProps & { readonly width: number }) {
  const height = Math.max(360, Math.min(620, width * 0.55));
  const mostEdge = Math.max(1, ...graph.edges.map(({ bytes }) => bytes));
  const mostNode = Math.max(1, ...graph.nodes.map(({ bytes }) => bytes));
  const [far, high] = [width / 2 - Math.min(190, width * 0.15), height / 2 - 36];
  const nodes = graph.nodes.map((node) => ({
    ...node,
    x: node.x * far,
    y: node.y * high,
    size: Math.max(smallestNode, largestNode * Math.sqrt(node.bytes / mostNode)),
    label: shortened(printable(nameOf(node.name))),
  }));
  const place = new Map(nodes.map((node) => [node.name, node]));
  const labels = labelPlaces(nodes, width, height);
  return (
    <svg
      class="map"
      width={width}
      height={height}
      viewBox={`${-width / 2} ${-height / 2} ${width} ${height}`}
      aria-label="Who speaks with whom"
    >
      {graph.edges.map(({ a, b, bytes }) => {
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
        <Host key={node.name} screen={screen} node={node} place={labels[i]} title={nameOf(node.name)} />
      ))}
    </svg>
  );
}

const shortened = (label: string): string =>
  label.length > longestLabel ? `${label.slice(0, longestLabel - 1)}…` : label;

interface HostProps {
  readonly screen: Pick<Screen, 'theme' | 'narrow'>;
  readonly node: Node & { readonly size: number; readonly label: string };
  /** Null: there is no room; shown while somebody points at it. */
  readonly place: Place | null;
  readonly title: string;
}

function Host({ screen, node, place, title }: HostProps) {
  const { x, y, name, isInside, bytes, size, label } = node;
  const colour = colourOf(isInside ? familyPaint['web-secret'] : directionPaint.out, screen.theme.value);
  const fallback: Place = { x, y: y + (y > 0 ? -size - 8 : size + 10), anchor: 'middle' };
  const at = place ?? fallback;
  const whole = printable(title);
  // What is to be seen is part of what is to be heard.
  const heard = label === whole ? whole : `${label}: ${whole}`;
  return (
    <Picked
      label={`${heard}, ${isInside ? 'inside' : 'outside'}: ${formatBytes(bytes)}`}
      onPick={(isNot) => screen.narrow(ofHost(name), isNot)}
    >
      <circle cx={x} cy={y} r={Math.max(12, size)} fill="transparent" />
      {/* Inside is round, outside is square. */}
      {isInside ? (
        <circle cx={x} cy={y} r={size} fill={colour} stroke="var(--base)" />
      ) : (
        <rect x={x - size} y={y - size} width={2 * size} height={2 * size} fill={colour} stroke="var(--base)" />
      )}
      <title>{`${whole} (${printable(name)}): ${formatBytes(bytes)}`}</title>
      <text
        class={place === null ? 'map-label map-hidden' : 'map-label'}
        x={at.x}
        y={at.y}
        text-anchor={at.anchor}
        dominant-baseline="middle"
      >
        {label}
      </text>
    </Picked>
  );
}
