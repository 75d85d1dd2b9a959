/**
 * What screens look at: live rows, snapshots, packets and history as one.
 *
 * Guarantees: everything kept of a capture is bounded, and what gives way is counted; a window on 100,000 flows costs a
 * few milliseconds and stays in order for a second, so that pages fit each other; what the store of a scene cannot say is
 * empty, never invented; nothing here waits for a screen.
 */

export type { Geo, Place } from './geo/geo.ts';
export { asnText } from './geo/geo.ts';
export { openGeo } from './geo/open-geo.ts';
export { liveFlows } from './live/flows/flow-columns.ts';
export { liveHosts } from './live/hosts/host-columns.ts';
export { largest } from './live/largest.ts';
export { openLiveScene } from './live/live-scene.ts';
export { LiveTable, type Matcher, type ReadColumn } from './live/live-table.ts';
export { type LiveTables, type LiveTablesFeed, liveTables } from './live/live-tables.ts';
export { sceneProtocols } from './protocols.ts';
export * from './scene-parts.ts';
export { storeScene } from './store/store-scene.ts';
