/**
 * What scenes and screens say to each other.
 *
 * Guarantees: types and codecs only, browser-safe; the same for a capture that goes on, a file, an upload, and a stretch
 * of the store; everything a screen draws can be had through `Scene`, in the program and over HTTP.
 */
export * from './asking.ts';
export * from './report.ts';
export * from './scene.ts';
