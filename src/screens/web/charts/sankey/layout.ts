// Where boxes and bands of a flow diagram lie: clients on the left, servers on the right, both from the largest down.

export interface Link {
  readonly from: string;
  readonly to: string;
  readonly value: number;
}

export interface Box {
  readonly name: string;
  readonly value: number;
  readonly y: number;
  readonly height: number;
}

export interface Band extends Link {
  readonly fromY: number;
  readonly toY: number;
  readonly height: number;
}

export interface SankeyLayout {
  readonly left: readonly Box[];
  readonly right: readonly Box[];
  readonly bands: readonly Band[];
}

/** Those that are not among the largest of their side are folded into `others`. */
export function foldedLinks(links: readonly Link[], most: number, others: string): Link[] {
  const names = (side: 'from' | 'to'): Set<string> =>
    new Set(
      sums(links, side)
        .slice(0, most)
        .map(([name]) => name),
    );
  const [left, right] = [names('from'), names('to')];
  const folded = new Map<string, Link>();
  for (const { from, to, value } of links) {
    const link = { from: left.has(from) ? from : others, to: right.has(to) ? to : others, value };
    const key = `${link.from}\n${link.to}`;
    folded.set(key, { ...link, value: value + (folded.get(key)?.value ?? 0) });
  }
  return [...folded.values()];
}

function sums(links: readonly Link[], side: 'from' | 'to'): [string, number][] {
  const byName = new Map<string, number>();
  for (const link of links) byName.set(link[side], (byName.get(link[side]) ?? 0) + link.value);
  return [...byName].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

/** Heights are shares of what the gaps leave; bands leave and reach boxes in the order of the boxes on the other side. */
export function sankeyLayout(links: readonly Link[], height: number, gap: number): SankeyLayout {
  const total = links.reduce((sum, { value }) => sum + value, 0);
  const sides = [sums(links, 'from'), sums(links, 'to')] as const;
  const most = Math.max(...sides.map((side) => side.length), 1);
  const scale = total === 0 ? 0 : Math.max(0, height - gap * (most - 1)) / total;
  const [left, right] = sides.map((side) => {
    let y = 0;
    return side.map(([name, value]) => {
      const box = { name, value, y, height: value * scale };
      y += box.height + gap;
      return box;
    });
  });
  const leftAt = new Map(left.map((box) => [box.name, box.y]));
  const rightAt = new Map(right.map((box) => [box.name, box.y]));
  const order = (boxes: readonly Box[], name: string): number => boxes.findIndex((box) => box.name === name);
  const sorted = [...links].sort(
    (a, b) => order(left, a.from) - order(left, b.from) || order(right, a.to) - order(right, b.to),
  );
  const bands = sorted.map((link) => {
    const band = { ...link, fromY: leftAt.get(link.from)!, toY: rightAt.get(link.to)!, height: link.value * scale };
    leftAt.set(link.from, band.fromY + band.height);
    rightAt.set(link.to, band.toY + band.height);
    return band;
  });
  return { left, right, bands };
}
