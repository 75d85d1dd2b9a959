/**
 * The browser's dashboard, and the report made of the same pieces.
 */
export {};
