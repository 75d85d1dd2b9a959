// Packets that are to be written, as columns, and the flows they belong to. Planned flow by flow, written in time order.

/**
 * @typedef {object} Segment
 * @property {number} flags TCP flags; 0 for other protocols
 * @property {number} seq TCP; for ICMP and RTP the running number
 * @property {number} ack
 * @property {number} at offset of the payload in the pool
 * @property {number} length of the payload, bytes
 * @property {number} window
 * @property {number} echo time stamp of the other side, milliseconds
 * @property {number} dress how the payload is dressed (connection.mjs)
 */

/**
 * @typedef {object} FlowRow
 * @property {number} proto IP protocol; 0: ARP
 * @property {boolean} isIpv6
 * @property {number} vlan 0: untagged
 * @property {number} client address
 * @property {number} server address
 * @property {number} clientPort
 * @property {number} serverPort
 * @property {number} ttl of what the server sends
 */

/** @param {number} capacity most packets that can be planned */
export function createPlan(capacity) {
  /** @type {FlowRow[]} */
  const flows = [];
  const timeUs = new Float64Array(capacity);
  const row = new Uint32Array(capacity);
  const side = new Uint8Array(capacity);
  const flags = new Uint8Array(capacity);
  const dress = new Uint8Array(capacity);
  const seq = new Uint32Array(capacity);
  const ack = new Uint32Array(capacity);
  const at = new Uint32Array(capacity);
  const length = new Uint16Array(capacity);
  const window = new Uint16Array(capacity);
  const echo = new Uint32Array(capacity);
  let count = 0;

  return {
    flows,
    columns: { timeUs, row, side, flags, dress, seq, ack, at, length, window, echo },
    count: () => count,
    isFull: () => count >= capacity - 20_000,
    /** @param {FlowRow} flow @returns {number} its row */
    addFlow: (flow) => flows.push(flow) - 1,
    /** @param {number} when @param {number} flowRow @param {number} from 0 client, 1 server @param {Segment} s */
    add(when, flowRow, from, s) {
      if (count === capacity) throw new Error('plan is full');
      timeUs[count] = Math.round(when);
      row[count] = flowRow;
      side[count] = from;
      flags[count] = s.flags;
      dress[count] = s.dress;
      seq[count] = s.seq;
      ack[count] = s.ack;
      at[count] = s.at;
      length[count] = s.length;
      window[count] = s.window;
      echo[count] = s.echo;
      count++;
    },
    /** The packet planned last comes later than it was sent: overtaken by the ones behind it. @param {number} byUs */
    delayLast(byUs) {
      timeUs[count - 1] += byUs;
    },
    /** Indexes of all packets in time order; those of the same time in the order in which they were planned. */
    order() {
      // Both fit one double: up to 2^30 µs and 2^23 packets.
      const keys = new Float64Array(count);
      for (let i = 0; i < count; i++) keys[i] = timeUs[i] * 0x800000 + i;
      keys.sort();
      return Uint32Array.from(keys, (key) => key % 0x800000);
    },
  };
}
