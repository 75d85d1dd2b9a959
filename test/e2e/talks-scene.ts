// A scene of real conversations between 127.0.0.1 and 127.0.0.2, to be played inside of a network namespace: servers and clients of node,
// and dialogues written down byte by byte where node has no server. Bundled by talks-stage.ts.
// `node talks-scene.mjs once` plays each conversation once; `node talks-scene.mjs loop` asks for pages until it is ended.

import { writeFileSync } from 'node:fs';
import { dnsOverTcp, dnsOverUdp } from './talks-scene-names.ts';
import { ftp, mqtt, postgres, redis, smtp, ssh } from './talks-scene-scripts.ts';
import { http2Cleartext, pages, pagesUntilEnded, tls, webSocket } from './talks-scene-web.ts';

/** The conversations in the order they are played. */
const conversations = [
  pages,
  webSocket,
  http2Cleartext,
  tls,
  dnsOverUdp,
  dnsOverTcp,
  smtp,
  ftp,
  ssh,
  mqtt,
  redis,
  postgres,
] as const;

const [scene, ready] = process.argv.slice(2);
if (scene === 'loop') {
  await pagesUntilEnded(() => writeFileSync(ready, ''));
} else {
  for (const play of conversations) await play();
}
