// The foreign function layer, loaded when the first native call is made: reading a file never pays for it.
import { createRequire } from 'node:module';
import { Failure } from '../../../core/index.ts';

export type Koffi = typeof import('koffi').default;

/**
 * Gives koffi; `purpose` completes "the native part of koffi, which …".
 *
 * @throws Failure LIBRARY_MISSING when koffi has no binary here.
 */
export function requireKoffi(purpose: string): Koffi {
  try {
    return createRequire(import.meta.url)('koffi');
  } catch (cause) {
    throw new Failure(
      'LIBRARY_MISSING',
      `the native part of koffi, which ${purpose}, cannot be loaded on ${process.platform}-${process.arch}`,
      'Install again without --omit=optional, on a platform koffi has a binary for (https://koffi.dev).',
      cause,
    );
  }
}
