// Packets of a flow as a file in the current folder, under a name that nothing has yet.

import { open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../../core/index.ts';
import type { Scene } from '../../api/index.ts';

const mostNames = 1000;

/** Gives the path. Rejects with WRITE_FAILED, or with what the scene says. */
export async function savePackets(
  scene: Scene,
  { run, flowId }: { readonly run: number; readonly flowId: number },
  folder: string,
): Promise<string> {
  const { path, file } = await newFile(folder, `taplight-flow-${flowId}`);
  try {
    for await (const piece of scene.packetFile({ run, flowId })) await file.writeFile(piece);
    return path;
  } catch (error) {
    await unlink(path).catch(() => {}); // half a file helps nobody
    throw error;
  } finally {
    await file.close();
  }
}

async function newFile(folder: string, name: string) {
  for (let i = 0; i < mostNames; i++) {
    const path = join(folder, `${name}${i === 0 ? '' : `-${i}`}.pcapng`);
    try {
      return { path, file: await open(path, 'wx') };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EEXIST')
        throw new Failure('WRITE_FAILED', `${path} cannot be written (${code})`, 'Start in a folder that is yours.');
    }
  }
  throw new Failure('WRITE_FAILED', `${folder} is full of files of that flow`, 'Move some of them away.');
}
