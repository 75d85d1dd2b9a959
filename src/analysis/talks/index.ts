/**
 * Bytes put in order and handed to whoever understands them.
 *
 * Guarantees: only flows that a protocol still wants are looked at; each byte is given once and in order, holes are told;
 * what is kept is bounded per side, per flow and in all, and given back as soon as it is not needed; a protocol that
 * throws or gets stuck is switched off for that flow, counted and told once.
 */
export * from './flow-talk.ts';
export * from './flow-voice.ts';
export * from './probing.ts';
export * from './talk-host.ts';
export * from './talks.ts';
export * from './weird.ts';
