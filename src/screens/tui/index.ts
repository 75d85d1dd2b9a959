/**
 * The terminal screen: keys in, lines out.
 */
export {};
