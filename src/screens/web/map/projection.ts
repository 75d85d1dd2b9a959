// Equal Earth (Šavrič, Patterson, Jenny 2018): where a place lies on the baked outline. Areas are true.

export const mapWidth = 960;
export const mapHeight = 468;

const [a1, a2, a3, a4] = [1.340264, -0.081106, 0.000893, 0.003796];
const root3 = Math.sqrt(3);
/** Half of the width of the projected world. */
const halfWorld = 2.7066298;

/** Degrees to pixels of the outline. */
export function project(lon: number, lat: number): readonly [x: number, y: number] {
  const angle = Math.asin((root3 / 2) * Math.sin((lat * Math.PI) / 180));
  const a = angle * angle;
  const x =
    (((lon * Math.PI) / 180) * Math.cos(angle)) / ((root3 / 2) * (a1 + 3 * a2 * a + a ** 3 * (7 * a3 + 9 * a4 * a)));
  const y = angle * (a1 + a2 * a + a ** 3 * (a3 + a4 * a));
  const scale = mapWidth / (2 * halfWorld);
  return [mapWidth / 2 + x * scale, mapHeight / 2 - y * scale];
}

export interface Middle {
  readonly lon: number;
  readonly lat: number;
}

/** `CH8,47 DE10,51` by letters. */
export function middlesOf(text: string): ReadonlyMap<string, Middle> {
  return new Map(
    text.split(' ').map((word) => {
      const [lon, lat] = word.slice(2).split(',').map(Number);
      return [word.slice(0, 2), { lon, lat }];
    }),
  );
}
