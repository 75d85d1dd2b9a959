// Bad bytes are data: decoding never throws, it records one of these. The hot path stores the number and three offsets;
// the name and the sentence are made only when shown.

/**
 * Where and why decoding stopped. `code` indexes {@link problemNames}; `at` is the offset of the layer from the start of
 * the frame in bytes; `need` and `have` are bytes (for `.length` problems: the value the length field should at least
 * have, and the one it has).
 */
export interface Problem {
  readonly name: string;
  readonly at: number;
  readonly need: number;
  readonly have: number;
}

const names: string[] = ['none'];
const numbers = new Map<string, number>([['none', 0]]);

/**
 * Gives the number of a problem, adding it if new. Called once per kind when a header's module is loaded, never per
 * packet, so numbers depend on load order and stay inside one process: names are what is written.
 *
 * @param name `layer.reason`, e.g. `ipv4.truncated`: the layer is the header's name, the reason one of `truncated`
 *   (fewer captured bytes than the header needs), `length` (a length field contradicts itself or its container),
 *   `version`, `malformed`, `checksum`, `depth` (too many nested layers), `unknown` (no decoder), or a header's own word.
 */
export function problemCode(name: string): number {
  let code = numbers.get(name);
  if (code === undefined) {
    code = names.length;
    if (code >= problemLimit) throw new Error(`more than ${problemLimit} kinds of problem`);
    names.push(name);
    numbers.set(name, code);
  }
  return code;
}

/** Highest number of kinds of problem; sizes the counter arrays. */
export const problemLimit = 512;

export function problemName(code: number): string {
  return names[code] ?? 'unknown';
}
