// Conversations that are known to go through TLS: what is told of their inside was decrypted here, and hidden on the wire.

const slots = 2048;

export class SealedFlows {
  /** The latest of each slot; an older one that is overwritten is taken for open again. */
  readonly #ids = new Float64Array(slots).fill(-1);

  add(flowId: number): void {
    this.#ids[flowId % slots] = flowId;
  }

  has(flowId: number): boolean {
    return this.#ids[flowId % slots] === flowId;
  }
}
