/** What a run tells, kept in a store. */

export { forgetfulStore } from './forgetful-store.ts';
export { type FileMark, markFiles } from './imports.ts';
export { Keeper, type KeeperOptions, type KeeperReport, newRun } from './keeper.ts';
export {
  type AskedHistory,
  type PacketsOf,
  packetSource,
  packetsOfAlert,
  packetsOfFilter,
  packetsOfFlow,
  rowOf,
} from './packets/find-packets.ts';
export { type PacketRange, type PacketStream, packetsOfFlows } from './packets/packets-of-flows.ts';
export type { StorePlan } from './store-plan.ts';
