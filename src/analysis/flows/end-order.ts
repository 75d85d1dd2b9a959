// In which order flows end with the input.

export interface EndOrder {
  /** Tells flows apart that began at the same time. */
  idOf(row: number): number;
  /** This one is next. */
  ending(row: number): void;
}
