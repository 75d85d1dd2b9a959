// Captures that no list labels and that hold an attack all the same: found among the false alarms, looked at packet by
// packet. Each with what it holds.

/** @type {Record<string, string>} */
export const notBenign = {};
