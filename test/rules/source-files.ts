// The project's files and what they import, as the house-rule tests see them.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

/** Text of a file given by its path from the project root. */
export function textOf(path: string): string {
  return readFileSync(join(projectRoot, path), 'utf8');
}

/** Paths of all files below a folder, from the project root, with `/`. */
export function filesBelow(folder: string): string[] {
  const found: string[] = [];
  const visit = (path: string): void => {
    for (const name of readdirSync(path).sort()) {
      const full = join(path, name);
      if (statSync(full).isDirectory()) visit(full);
      else found.push(relative(projectRoot, full).split(sep).join('/'));
    }
  };
  if (existsSync(join(projectRoot, folder))) visit(join(projectRoot, folder));
  return found;
}

/** Files that git tracks or would track: what a reader of the project finds. */
export function trackedFiles(): string[] {
  const list = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: projectRoot });
  return list
    .toString()
    .split('\n')
    .filter((path) => path !== '' && existsSync(join(projectRoot, path)));
}

/** Tests, and what lies in `golden` folders only for them. */
export const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path) || path.includes('/golden/');

/** Source text with comments blanked out, so that examples in comments are not taken for code. Strings stay. */
export function withoutComments(source: string): string {
  // A string or a comment, whichever begins first; a regular expression that holds a quote is rare enough not to matter.
  const piece = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
  return source.replace(piece, (found) => (found.startsWith('/') ? found.replace(/[^\n]/g, ' ') : found));
}

/** Everything a source file imports: static, type-only, re-exported, dynamic, required, or named as a thread to start. */
export function importsOf(source: string): string[] {
  const code = withoutComments(source);
  const forms = [
    /\b(?:import|export)\b[^'"`;]*?\bfrom\s*(['"`])([^'"`]+)\1/g,
    /\bimport\s*(['"])([^'"]+)\1/g,
    /\b(?:import|require|require\.resolve)\s*\(\s*(['"`])([^'"`]+)\1/g,
    /\bnew\s+URL\s*\(\s*(['"`])([^'"`]+)\1\s*,\s*import\.meta\.url/g,
  ];
  const found = new Set<string>();
  for (const form of forms) for (const match of code.matchAll(form)) found.add(match[2]);
  return [...found];
}

/** What an import leads to: a path from the project root, `node:x`, or a package's name. */
export type Target =
  | { kind: 'file'; path: string }
  | { kind: 'node'; name: string }
  | { kind: 'package'; name: string };

export function resolveImport(from: string, specifier: string): Target {
  if (specifier.startsWith('.')) return { kind: 'file', path: posix.join(dirname(from), specifier) };
  if (specifier.startsWith('node:')) return { kind: 'node', name: specifier };
  if (builtinModules.includes(specifier)) return { kind: 'node', name: `node:${specifier}` };
  const parts = specifier.split('/');
  return { kind: 'package', name: specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0] };
}

/** Rows of the Markdown table below a heading, cells without marks; the head row is left out. */
export function tableBelow(markdown: string, heading: string): string[][] {
  const lines = markdown.split('\n');
  const start = lines.findIndex((line) => line.startsWith('#') && line.replace(/^#+\s*/, '').trim() === heading);
  if (start < 0) throw new Error(`no heading '${heading}'`);
  const from = lines.findIndex((line, i) => i > start && line.startsWith('|'));
  const rows: string[][] = [];
  for (let i = from; i >= 0 && lines[i]?.startsWith('|'); i++) {
    const cells = lines[i].split('|').slice(1, -1);
    rows.push(cells.map((cell) => cell.replaceAll('`', '').replaceAll('**', '').trim()));
  }
  return rows.slice(2);
}
