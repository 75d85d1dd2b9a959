// Damages messages the way attackers and accidents do: bits, lengths, cuts, repetitions, pieces of others.

/** Numbers 0 ‥ 1, the same for the same seed (mulberry32's recurrence). */
export function createRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const edges = [0, 1, 0x7f, 0x80, 0xfe, 0xff];

/** A damaged copy of `bytes`; `other` lends pieces. */
export function mutate(bytes: Uint8Array, other: Uint8Array, random: () => number): Uint8Array {
  const below = (n: number): number => Math.floor(random() * n);
  let out: Uint8Array = bytes.slice();
  for (let times = 1 + below(3); times > 0; times--) {
    const at = below(out.length + 1);
    switch (below(8)) {
      case 0:
        if (at < out.length) out[at] ^= 1 << below(8);
        break;
      case 1:
        if (at < out.length) out[at] = edges[below(edges.length)];
        break;
      case 2:
        for (let i = at; i < Math.min(out.length, at + 1 + below(4)); i++) out[i] = edges[below(edges.length)];
        break;
      case 3:
        out = out.slice(0, at);
        break;
      case 4:
        out = joined(out.subarray(0, at), out.subarray(Math.max(0, at - below(64)), at), out.subarray(at));
        break;
      case 5:
        out = joined(out.subarray(0, at), out.subarray(Math.min(out.length, at + below(32))));
        break;
      case 6: {
        const from = below(other.length);
        out = joined(out.subarray(0, at), other.subarray(from, from + below(128)), out.subarray(at));
        break;
      }
      default:
        if (at < out.length) out[at] = below(256);
    }
    if (out.length > 8192) out = out.slice(0, 8192);
  }
  return out;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
