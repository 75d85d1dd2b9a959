// Detectors of the user's own: modules whose default export is one, or a list of them.

import { register } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Detector, DetectorOption } from '../../../../analysis/detectors/index.ts';
import { Failure, severities } from '../../../../core/index.ts';

/** Modules may import `taplight/detector` wherever they lie: it is the one of this program. */
let isRegistered = false;
function provideApi(): void {
  if (isRegistered) return;
  isRegistered = true;
  const url = new URL('./detector.js', import.meta.url).href;
  const resolve = `export const resolve = (name, context, next) =>
    name === 'taplight/detector' ? { url: ${JSON.stringify(url)}, shortCircuit: true } : next(name, context);`;
  register(`data:text/javascript,${encodeURIComponent(resolve)}`);
}

/** Loads the modules in order. Rejects with BAD_DETECTOR for one that cannot be loaded or is none. */
export async function loadOwnDetectors(paths: readonly string[]): Promise<Detector[]> {
  const loaded: Detector[] = [];
  if (paths.length > 0) provideApi();
  for (const path of paths) {
    const { default: given } = await load(path);
    for (const one of Array.isArray(given) ? given : [given]) loaded.push(checked(one, path));
  }
  return loaded;
}

async function load(path: string): Promise<{ default?: unknown }> {
  try {
    return (await import(pathToFileURL(path).href)) as { default?: unknown };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const hint =
      code === 'ERR_UNKNOWN_FILE_EXTENSION'
        ? `This Node (${process.version}) does not read TypeScript: use Node 22.18 or newer, or give a .js file.`
        : 'Run it alone with `node FILE` to see where it fails.';
    throw new Failure('BAD_DETECTOR', `${path} cannot be loaded: ${message.split('\n')[0]}`, hint, error);
  }
}

const texts = ['name', 'title', 'meaning', 'benign', 'next'] as const;

/** The detector with what may be left out filled in. */
function checked(given: unknown, path: string): Detector {
  const refuse = (what: string): never => {
    const hint = 'docs/59-own-detectors.md shows how one is written.';
    throw new Failure('BAD_DETECTOR', `${path}: ${what}`, hint);
  };
  if (typeof given !== 'object' || given === null) return refuse('the default export is no detector');
  const one = { version: 1, mitre: null, severity: 'medium', options: {}, ...given } as Record<string, unknown>;
  for (const key of texts) if (typeof one[key] !== 'string' || one[key] === '') refuse(`'${key}' is missing`);
  if (!/^[a-z0-9]+(\.[a-z0-9-]+)+$/.test(String(one.name))) refuse(`'${one.name}' is no name like group.thing`);
  if (!severities.some((severity) => severity === one.severity)) refuse(`'${one.severity}' is no severity`);
  if (typeof one.open !== 'function') refuse("'open' is no function");
  for (const [name, option] of Object.entries(one.options as Record<string, Partial<DetectorOption>>)) {
    if (typeof option?.fallback !== 'number')
      refuse(`option '${name}' has no default; make it with count(), seconds() …`);
  }
  return one as unknown as Detector; // every key was looked at
}
