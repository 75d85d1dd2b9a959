/**
 * Plain output at a terminal or in a pipe: text, one line rewritten in place, a question with a list, signals.
 *
 * Guarantees: a terminal is left as it was found on every way out; a reader that goes away ends the program quietly; text
 * on stdout is never mixed with the line at the bottom of the screen; nothing here decides what is said, only how.
 */
export * from './interface-prompt.ts';
export * from './interface-rows.ts';
export * from './prompt-rows.ts';
export * from './run-status.ts';
export * from './stop-signals.ts';
export * from './stream-style.ts';
export * from './text-output.ts';
