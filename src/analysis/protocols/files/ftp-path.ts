// Where an FTP client is and what it asks for, as one URL (RFC 1738 §3.2): commands name files relative to a directory.

/** Parts of a path that are followed. */
const depthLimit = 64;

/** The directory after going to `to` from `from`. A relative path keeps the dot it began with. */
export function walk(from: string, to: string): string {
  const path = isAbsolute(to) ? to : `${from}/${to}`;
  const parts = path.split(/\/+/).slice(0, depthLimit);
  const out: string[] = [];
  for (const [i, part] of parts.entries()) {
    if (part === '.' && i > 0) continue;
    if (part !== '..') {
      if (part !== '' || i === 0) out.push(part);
    } else if (out.length > 1 || (out.length === 1 && out[0] !== '' && out[0] !== '.' && out[0] !== '..')) {
      out.pop();
    } else if (out[0] !== '') {
      out.push(part);
    }
  }
  return out.length === 1 && out[0] === '' ? '/' : out.join('/');
}

function isAbsolute(path: string): boolean {
  return path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path);
}

/** The directory that a reply names: `257 "/pub" is current directory.` Null when it names none. */
export function pathIn(message: string): string | null {
  const found = /(?:\/|[A-Za-z]:[\\/])[^" ]*/.exec(message.slice(0, 1024));
  return found === null ? null : found[0];
}

/** @param host address of the server as text */
export function urlOf(host: string, directory: string, file: string): string {
  const path = walk(directory, file);
  return `ftp://${host.includes(':') ? `[${host}]` : host}${path.startsWith('/') ? '' : '/'}${path}`;
}
