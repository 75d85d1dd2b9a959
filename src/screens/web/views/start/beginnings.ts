// Ways to begin: what the server offers, and what it answers.

import type { SceneAbout } from '../../../api/index.ts';
import { ask, askJson, post, withQuery } from '../../data/asking.ts';

interface BothWays {
  readonly rx: number;
  readonly tx: number;
}

/** As `taplight -D --json` tells it, with rates since the question before. */
export interface InterfaceRow {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly kind: string;
  readonly up: boolean;
  readonly connected: boolean | null;
  readonly description: string;
  readonly default_route: boolean;
  /** Null where nobody counts, rates also before the second question. */
  readonly bytes: BothWays | null;
  readonly bytes_per_s: BothWays | null;
}

/** The busiest first; then the one that leads outside; then those that are up. */
export function byActivity(rows: readonly InterfaceRow[]): InterfaceRow[] {
  const activity = ({ bytes_per_s: now, bytes, default_route, up }: InterfaceRow): readonly number[] => [
    Number(up),
    Math.round(Math.log10(1 + (now?.rx ?? 0) + (now?.tx ?? 0))),
    Number(default_route),
    (bytes?.rx ?? 0) + (bytes?.tx ?? 0),
  ];
  return [...rows].sort((a, b) => {
    const [x, y] = [activity(a), activity(b)];
    const at = x.findIndex((value, i) => value !== y[i]);
    return at < 0 ? a.name.localeCompare(b.name) : y[at] - x[at];
  });
}

export const interfaces = (): Promise<readonly InterfaceRow[]> => askJson('/interfaces');
export const beginOn = (name: string): Promise<SceneAbout> => post('/scenes', { interface: name });
export const beginDemo = (): Promise<SceneAbout> => post('/scenes', { demo: true });

export async function upload(file: File): Promise<SceneAbout> {
  const headers = { 'Content-Type': 'application/octet-stream' };
  const answer = await ask(withQuery('/scenes/upload', { name: file.name }), { method: 'POST', headers, body: file });
  return answer.json() as Promise<SceneAbout>;
}
