// The dashboard's files: found once when the server starts, so that no path that is asked for ever reaches the file system.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import type { Asked } from '../routes/route.ts';

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
};

/** Packed beside the plain file, the better one first. */
const packings = [
  { encoding: 'br', ending: '.br' },
  { encoding: 'gzip', ending: '.gz' },
] as const;
type Packing = (typeof packings)[number];

/** Names with a hash of what is in them, as the build makes them: `overview-5XK2QPLM.js`, `icon-52253b3f.svg`. */
const hashedName = /-(?:[A-Z0-9]{8}|[0-9a-f]{8})\.[a-z0-9]+$/;

interface StaticFile {
  readonly path: string;
  readonly media: string;
  /** Ways it lies there packed. */
  readonly packed: readonly Packing[];
  readonly isForever: boolean;
}

interface Content {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly tag: string;
}

export interface StaticFiles {
  /** Null where there is no such file. `path` begins with a slash. */
  answer(path: string, asked: Asked): Response | null;
}

/** @param folder of the dashboard; a folder that is not there has no files */
export function staticFiles(folder: string): StaticFiles {
  const files = filesIn(folder);
  const contents = new Map<string, Content>();
  const contentOf = (path: string): Content => {
    let content = contents.get(path);
    if (content === undefined) {
      const bytes = new Uint8Array(readFileSync(path));
      content = { bytes, tag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 27)}"` };
      contents.set(path, content);
    }
    return content;
  };
  return {
    answer: (path, asked) => {
      const file = files.get(path);
      if (file === undefined) return null;
      const packing = chosenPacking(file, asked.req.header('accept-encoding') ?? '');
      const { bytes, tag } = contentOf(`${file.path}${packing?.ending ?? ''}`);
      const headers: Record<string, string> = {
        'Content-Type': file.media,
        'Cache-Control': file.isForever ? 'private, max-age=31536000, immutable' : 'no-cache',
        ETag: tag,
        Vary: 'Accept-Encoding',
        ...(packing === null ? {} : { 'Content-Encoding': packing.encoding }),
      };
      if (hasTag(asked.req.header('if-none-match'), tag)) return new Response(null, { status: 304, headers });
      return new Response(bytes, { headers: { ...headers, 'Content-Length': String(bytes.length) } });
    },
  };
}

function filesIn(folder: string): Map<string, StaticFile> {
  const found = new Map<string, StaticFile>();
  const names = namesIn(folder);
  for (const name of names) {
    const media = mediaTypes[extname(name).toLowerCase()];
    if (media === undefined) continue;
    found.set(`/${name.split(sep).join('/')}`, {
      path: join(folder, name),
      media,
      packed: packings.filter(({ ending }) => names.has(`${name}${ending}`)),
      isForever: hashedName.test(name),
    });
  }
  return found;
}

function namesIn(folder: string): Set<string> {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    // Links are no files here: nothing outside the folder is served.
    const files = entries.filter((entry) => entry.isFile());
    return new Set(files.map(({ parentPath, name }) => relative(folder, join(parentPath, name))));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Set();
    throw error;
  }
}

/** The best packing that is there and is taken (RFC 9110 §12.5.3); null: as it is. */
function chosenPacking({ packed }: StaticFile, accepts: string): Packing | null {
  const taken = new Map<string, number>();
  for (const part of accepts.toLowerCase().split(',')) {
    const [name, ...parameters] = part.split(';').map((word) => word.trim());
    const quality = parameters.find((word) => word.startsWith('q='));
    taken.set(name, quality === undefined ? 1 : Number(quality.slice(2)) || 0);
  }
  return packed.find(({ encoding }) => (taken.get(encoding) ?? taken.get('*') ?? 0) > 0) ?? null;
}

function hasTag(header: string | undefined, tag: string): boolean {
  const tags = (header ?? '').split(',').map((each) => each.trim().replace(/^W\//, ''));
  return tags.includes(tag) || tags.includes('*');
}
