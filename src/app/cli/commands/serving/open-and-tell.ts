// Opens the server, and tells how to reach it.

import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { printable } from '../../../../core/index.ts';
import type { OpenServer, ServerParts } from '../../../server/index.ts';
import type { Host } from '../../host.ts';
import type { Settings } from '../../options/index.ts';
import type { Rooms } from '../../rooms.ts';
import type { PrivateFolder } from './private-folder.ts';

type ServerRoom = Awaited<ReturnType<Rooms['loadServer']>>;

/** Throws what `openServer` throws. */
export async function openAndTell(
  room: ServerRoom,
  parts: ServerParts,
  settings: Settings,
  host: Host,
  folder: PrivateFolder,
): Promise<OpenServer> {
  const server = await room.openServer(parts, {
    address: settings.listen,
    port: settings.port,
    password: settings.password,
    token: settings.token,
    allowHosts: settings.allowHost,
    linkUsed: (url) => host.stderr.write(`opened; for another browser: ${url}\n`),
    fault: (error) => {
      if (host.environment.TAPLIGHT_DEBUG === '1') host.stderr.write(`${printable(String((error as Error).stack))}\n`);
    },
  });
  const lines = [`Taplight answers at ${new URL('/', server.link()).href}`, `  browser   ${server.link()}`];
  if (settings.token === null) lines.push(`  programs  Authorization: Bearer ${server.token}`);
  host.stderr.write(`${lines.join('\n')}\n  Ctrl+C stops\n`);
  if (!room.isLoopback(settings.listen)) {
    host.stderr.write(
      `Warning: whoever reaches ${settings.listen}:${server.port} and knows the password sees everything captured here; ` +
        'password and answers cross the network in clear. A proxy with TLS in front, or ssh -L, keeps them to you.\n',
    );
  }
  if (settings.open) openBrowser(server.link(), folder, host);
  return server;
}

/** By a file that leads there: the link itself would stand in the list of processes, for everybody to read. */
function openBrowser(link: string, folder: PrivateFolder, host: Host): void {
  const path = join(folder.path(), 'open.html');
  const page = `<!doctype html><meta charset="utf-8"><title>Taplight</title>
<meta http-equiv="refresh" content="0;url=${link}"><a href="${link}">Taplight</a>\n`;
  writeFileSync(path, page, { mode: 0o600 });
  const [command, ...words] = openers[process.platform] ?? ['xdg-open'];
  const url = pathToFileURL(path).href;
  const opener = spawn(command, [...words, url], { stdio: 'ignore', detached: true });
  opener.on('error', () => host.stderr.write('taplight: no browser could be opened; the link above does the same\n'));
  opener.unref();
}

const openers: Readonly<Record<string, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};
