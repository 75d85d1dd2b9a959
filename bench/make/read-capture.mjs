// The least that is needed to take frames out of captures: classic pcap and pcapng, Ethernet only, whole files in memory.

/** @typedef {{ timeUs: number, bytes: Buffer }} TimedFrame */

const shortest = 14;

/** Frames of a capture; empty for other formats and link types. @param {Buffer} file @returns {TimedFrame[]} */
export function framesOf(file) {
  if (file.length < 28) return [];
  const frames = file.readUInt32LE(0) === 0x0a0d0d0a ? pcapngFrames(file) : pcapFrames(file);
  return frames.filter((frame) => frame.bytes.length >= shortest && Number.isFinite(frame.timeUs));
}

/** @param {Buffer} file @returns {TimedFrame[]} */
function pcapFrames(file) {
  const isLittle = file[0] === 0xd4 || file[0] === 0x4d;
  const word = (/** @type {number} */ at) => (isLittle ? file.readUInt32LE(at) : file.readUInt32BE(at));
  const perUs = { 2712847316: 1, 2712812621: 1000 }[word(0)];
  if (perUs === undefined || (word(20) & 0xffff) !== 1) return [];
  const frames = [];
  for (let at = 24; at + 16 <= file.length; ) {
    const length = word(at + 8);
    const next = at + 16 + length;
    if (next > file.length || length > 262_144) break;
    frames.push({ timeUs: word(at) * 1e6 + Math.floor(word(at + 4) / perUs), bytes: file.subarray(at + 16, next) });
    at = next;
  }
  return frames;
}

/** @param {Buffer} file @returns {TimedFrame[]} */
function pcapngFrames(file) {
  const frames = [];
  let isLittle = true;
  /** @type {{ isEthernet: boolean, unitUs: number }[]} */
  let interfaces = [];
  const half = (/** @type {number} */ at) => (isLittle ? file.readUInt16LE(at) : file.readUInt16BE(at));
  const word = (/** @type {number} */ at) => (isLittle ? file.readUInt32LE(at) : file.readUInt32BE(at));
  for (let at = 0; at + 12 <= file.length; ) {
    if (file.readUInt32LE(at) === 0x0a0d0d0a) {
      isLittle = file.readUInt32LE(at + 8) === 0x1a2b3c4d;
      interfaces = [];
    }
    const size = word(at + 4);
    if (size < 12 || at + size > file.length) break;
    if (word(at) === 1)
      interfaces.push({ isEthernet: half(at + 8) === 1, unitUs: resolution(file, at + 16, at + size - 4, half) });
    const source = word(at) === 6 ? interfaces[word(at + 8)] : undefined;
    if (source?.isEthernet) {
      const length = word(at + 20);
      const ticks = word(at + 12) * 0x100000000 + word(at + 16);
      if (28 + length <= size)
        frames.push({ timeUs: Math.floor(ticks * source.unitUs), bytes: file.subarray(at + 28, at + 28 + length) });
    }
    at += size;
  }
  return frames;
}

/**
 * Microseconds of one tick: option if_tsresol, by default one.
 *
 * @param {Buffer} file @param {number} from @param {number} to @param {(at: number) => number} half
 */
function resolution(file, from, to, half) {
  for (let at = from; at + 4 <= to; at += 4 + ((half(at + 2) + 3) & ~3)) {
    if (half(at) === 0) break;
    if (half(at) !== 9) continue;
    const exponent = file[at + 4] & 127;
    return 1e6 / (file[at + 4] & 128 ? 2 : 10) ** exponent;
  }
  return 1;
}
