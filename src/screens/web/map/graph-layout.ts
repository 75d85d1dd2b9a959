// Where hosts of a network stand in a picture: those inside on an inner ring, those outside on an outer one, each near
// those it speaks with. The same input gives the same picture.

export interface Edge {
  readonly a: string;
  readonly b: string;
  readonly bytes: number;
}

export interface Node {
  readonly name: string;
  readonly bytes: number;
  readonly isInside: boolean;
  readonly x: number;
  readonly y: number;
}

export interface Graph {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
  /** Hosts that were left out. */
  readonly more: number;
}

const rounds = 12;

/** @param most hosts shown; those with most bytes */
export function hostGraph(
  edges: readonly Edge[],
  isInside: (name: string) => boolean,
  most: number,
  radius: number,
): Graph {
  const bytes = new Map<string, number>();
  for (const edge of edges) for (const name of [edge.a, edge.b]) bytes.set(name, (bytes.get(name) ?? 0) + edge.bytes);
  const sorted = [...bytes].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, most);
  const shown = new Set(sorted.map(([name]) => name));
  const kept = edges.filter(({ a, b }) => a !== b && shown.has(a) && shown.has(b));
  const inner = sorted.filter(([name]) => isInside(name)).map(([name]) => name);
  const outer = sorted.filter(([name]) => !isInside(name)).map(([name]) => name);
  const angles = new Map<string, number>();
  spread(inner, angles);
  spread(outer, angles);
  for (let round = 0; round < rounds; round++) {
    drawTogether(outer, kept, angles);
    drawTogether(inner, kept, angles);
  }
  const innerRadius = outer.length === 0 ? radius : radius * 0.5;
  const nodes = sorted.map(([name, sum]): Node => {
    const inside = isInside(name);
    const far = inside ? (inner.length === 1 ? 0 : innerRadius) : radius;
    const angle = angles.get(name)!;
    return { name, bytes: sum, isInside: inside, x: Math.cos(angle) * far, y: Math.sin(angle) * far };
  });
  return { nodes, edges: kept, more: bytes.size - sorted.length };
}

function spread(names: readonly string[], angles: Map<string, number>): void {
  names.forEach((name, i) => {
    angles.set(name, (i / names.length) * 2 * Math.PI - Math.PI / 2);
  });
}

/** Puts hosts of one ring in the order of where those they speak with stand, evenly apart. */
function drawTogether(names: readonly string[], edges: readonly Edge[], angles: Map<string, number>): void {
  const pulled = names.map((name) => {
    let [x, y] = [Math.cos(angles.get(name)!) * 0.1, Math.sin(angles.get(name)!) * 0.1];
    for (const { a, b, bytes } of edges) {
      const other = a === name ? b : b === name ? a : null;
      if (other === null) continue;
      const weight = Math.log1p(bytes);
      x += Math.cos(angles.get(other)!) * weight;
      y += Math.sin(angles.get(other)!) * weight;
    }
    return { name, angle: Math.atan2(y, x) };
  });
  pulled.sort((a, b) => a.angle - b.angle || (a.name < b.name ? -1 : 1));
  // Evenly apart, turned so that the first stays where it was drawn to.
  const start = pulled[0]?.angle ?? 0;
  pulled.forEach(({ name }, i) => {
    angles.set(name, start + (i / pulled.length) * 2 * Math.PI);
  });
}
