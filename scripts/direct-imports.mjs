// For the bundler: what is imported from a room's index.ts is imported from the file that has it. The bundler puts
// everything that an index.ts leads to into one piece otherwise, and the first view would carry what later views need.
import { readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

const declared = /^export (?:async )?(?:const|let|function\*?|class) (\w+)/gm;
const named = /^export (?!type)\{([^}]*)\} from '([^']+)';/gm;
const all = /^export \* from '([^']+)';/gm;

/** Files by the names of values that a file exports, followed to where they are declared. */
function homes(path, known = new Map()) {
  if (known.has(path)) return known.get(path);
  const found = new Map();
  known.set(path, found);
  const source = readFileSync(path, 'utf8');
  for (const [, name] of source.matchAll(declared)) found.set(name, path);
  for (const [, from] of source.matchAll(all)) {
    for (const [name, home] of homes(join(dirname(path), from), known)) found.set(name, home);
  }
  for (const [, names, from] of source.matchAll(named)) {
    const inner = homes(join(dirname(path), from), known);
    for (const name of names.split(',').map((each) => each.trim()))
      if (inner.has(name)) found.set(name, inner.get(name));
  }
  return found;
}

const importOfIndex = /^import \{([^}]*)\} from '([./]+[^']*\/index\.ts)';/gm;

/** The source with imports from index.ts files taken apart; types are left out, they are gone after bundling. */
function direct(path, source, isRoom) {
  return source.replace(importOfIndex, (whole, names, from) => {
    const index = join(dirname(path), from);
    if (!isRoom(index)) return whole;
    const inner = homes(index);
    const values = names
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== '' && !each.startsWith('type '));
    const lines = values.map((name) => {
      const home = inner.get(name.split(' as ')[0]);
      if (home === undefined) throw new Error(`${path}: ${from} has no ${name}`);
      const specifier = relative(dirname(path), home).split(sep).join('/');
      return `import { ${name} } from '${specifier.startsWith('.') ? specifier : `./${specifier}`}';`;
    });
    // Line numbers stay: messages of the bundler are about the source.
    return lines.join(' ') + '\n'.repeat(whole.split('\n').length - 1);
  });
}

/** Of rooms whose files do nothing when they are loaded. */
export const directImports = {
  name: 'direct-imports',
  setup(esbuild) {
    const isRoom = (path) => /src[\\/](core|screens[\\/](present|api))[\\/]index\.ts$/.test(path);
    esbuild.onLoad({ filter: /src[\\/](core|screens)[\\/].*\.tsx?$/ }, ({ path }) => ({
      contents: direct(path, readFileSync(path, 'utf8'), isRoom),
      loader: path.endsWith('x') ? 'tsx' : 'ts',
    }));
  },
};
