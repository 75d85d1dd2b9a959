// A capture file that is sent here: looked at before it is kept, bounded while it comes, analysed as any other file.

import { z } from '@hono/zod-openapi';
import { Failure } from '../../../../core/index.ts';
import type { ServerParts } from '../../parts.ts';
import { Refusal } from '../../refusals.ts';
import { fileName, receiveFile } from '../../scenes/receive-file.ts';
import { sceneAbout } from '../../shapes/scene-shapes.ts';
import { type Api, addRoute } from '../route.ts';
import { scenesOf } from './asked-scene.ts';
import { beginningsOf } from './scenes.ts';

/** The one route whose body may be larger than others'. */
export const uploadPath = '/scenes/upload';

/** Files that come at one time. */
const mostAtOnce = 2;

const query = z.object({
  name: z.string().max(1000).optional().openapi({ description: 'What the file is called.', example: 'office.pcapng' }),
});

export function addUploadRoute(api: Api, parts: ServerParts): void {
  let coming = 0;
  addRoute(api, {
    method: 'post',
    path: uploadPath,
    tag: 'scenes',
    summary: 'Analyses a capture file that is the body',
    more: 'pcap, pcapng, or one of them packed with gzip or Zstandard. The file is removed when its scene gives way, and when the program ends. A file that turns out to be damaged gives a scene that says so.',
    query,
    takes: ['application/octet-stream'],
    gives: sceneAbout,
    answer: async ({ query }, asked) => {
      const begin = beginningsOf(parts);
      const scenes = scenesOf(parts);
      if (parts.uploads === null) {
        throw new Failure('UNSUPPORTED', 'files are not taken here', 'Read them with `taplight -r FILE`.');
      }
      if (coming >= mostAtOnce) {
        throw new Refusal('TOO_MANY_TRIES', 'other files are still coming', 'Wait until one of them is there.');
      }
      coming++;
      try {
        const { folder, maxBytes } = parts.uploads;
        const file = await receiveFile(asked.env.incoming, folder(), maxBytes);
        const sent = { path: file.path, name: fileName(query.name ?? '') };
        const scene = await scenes
          .begin((id) => begin.file(id, sent))
          .catch((error) => {
            file.remove();
            throw error;
          });
        return asked.json(scene.about as never);
      } finally {
        coming--;
      }
    },
  });
}
