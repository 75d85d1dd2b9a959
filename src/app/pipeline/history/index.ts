// The embedded store in a thread of its own, and who owns its folder.

export { type FolderLock, lockFolder, readOwner, type StoreOwner } from './folder-lock.ts';
export { openStoreThread, StoreThread, type StoreThreadOptions } from './store-thread.ts';
