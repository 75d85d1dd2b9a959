/**
 * Serves dashboard, API and live stream.
 *
 * Guarantees: listens on loopback unless told otherwise; every request is checked for its token, its Host and its
 * Origin before it is answered; input is checked against declared shapes; nothing it serves slows the capture.
 */

export { isLoopback } from './access/hosts.ts';
export { type OpenServer, openServer, type ServerOptions } from './open-server.ts';
export { lateHistory, nothingLive, ownedStore } from './owned-store.ts';
export type * from './parts.ts';
export { openRemoteHistory, type RemoteHistory } from './remote/remote-history.ts';
export { socketPath } from './remote/socket-path.ts';
export { serveSocket } from './remote/store-socket.ts';
export { type OpenScene, openScenes, type Scenes } from './scenes/scenes.ts';
export { filterLanguage } from './words/filter-language.ts';
