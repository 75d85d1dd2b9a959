// Where names stand in a picture: beside their points, where they cover neither each other nor a point. A name that finds
// no place is left out here; who looks at its point is told it.

export interface Point {
  readonly x: number;
  readonly y: number;
  /** Half of its width and height. */
  readonly size: number;
  readonly label: string;
}

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'middle' | 'end';
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Of letters of 12 pixels, generously: who draws does not measure each. */
const letterWidth = 6.9;
const lineHeight = 15;
const gap = 4;

/**
 * @param points the most important first: they get their place first
 * @param width of the picture, whose middle is 0, 0
 */
export function labelPlaces(points: readonly Point[], width: number, height: number): (Place | null)[] {
  const taken: Box[] = points.map(({ x, y, size }) => ({
    left: x - size,
    right: x + size,
    top: y - size,
    bottom: y + size,
  }));
  return points.map((point, own) => {
    for (const place of sides(point)) {
      const box = boxOf(place, point.label);
      const isInside =
        box.left >= -width / 2 && box.right <= width / 2 && box.top >= -height / 2 && box.bottom <= height / 2;
      if (!isInside || taken.some((other, i) => i !== own && meets(box, other))) continue;
      taken.push(box);
      return place;
    }
    return null;
  });
}

/** Outwards first, then the other side, below, above. */
function sides({ x, y, size }: Point): Place[] {
  const right: Place = { x: x + size + gap, y, anchor: 'start' };
  const left: Place = { x: x - size - gap, y, anchor: 'end' };
  const below: Place = { x, y: y + size + lineHeight / 2 + 1, anchor: 'middle' };
  const above: Place = { x, y: y - size - lineHeight / 2 - 1, anchor: 'middle' };
  const [outer, inner] = x < 0 ? [left, right] : [right, left];
  return y < 0 ? [outer, above, below, inner] : [outer, below, above, inner];
}

export function boxOf({ x, y, anchor }: Place, label: string): Box {
  const length = label.length * letterWidth;
  const left = anchor === 'start' ? x : anchor === 'end' ? x - length : x - length / 2;
  return { left, right: left + length, top: y - lineHeight / 2, bottom: y + lineHeight / 2 };
}

const meets = (a: Box, b: Box): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
