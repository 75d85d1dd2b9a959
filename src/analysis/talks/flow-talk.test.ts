// Proves how a conversation is led: found by probes on either side, fed what is not consumed, skipped, changed, swapped,
// given up, and bounded; and that a protocol that throws or gets stuck hurts nobody.

import { describe, expect, it } from 'vitest';
import { text } from '../../core/index.ts';
import { bytesOf, converse } from '../protocols/golden/converse.ts';
import { defineProtocol, nameOnly, notMine, type Protocol, probed } from '../protocols/protocol.ts';

/** A length byte, then so many bytes. `T` as first letter throws, `S` asks to skip 10 more, `U` changes to `up`. */
const counted = defineProtocol({
  name: 'counted',
  title: 'Counted',
  family: 'other',
  ports: { tcp: [77], udp: [77] },
  variants: ['counted-fine'],
  fields: { message: text('Message'), side: text('Who') },
  probe: (b, at, _end, hint) => (b[at] > 0 && b[at] < 32 ? probed.yes : hint.isPort ? probed.maybe : probed.no),
  open: (c) => ({
    data(side, b, at, end) {
      let done = at;
      while (done < end && end - done > b[done]) {
        const message = String.fromCharCode(...b.subarray(done + 1, done + 1 + b[done]));
        if (message.startsWith('T')) throw new Error('broken');
        if (message.startsWith('N')) return notMine;
        if (message.startsWith('W')) c.swap();
        c.emit({ message, side: String(side) });
        done += 1 + b[done];
        if (message.startsWith('S')) return done - at + 10;
        if (message.startsWith('D')) c.done();
        if (message.startsWith('U')) {
          c.become('up');
          break;
        }
      }
      return done - at;
    },
    end: () => c.emit({ message: 'end' }),
  }),
});

const up: Protocol = defineProtocol({
  name: 'up',
  title: 'Up',
  family: 'other',
  fields: { all: text('All') },
  open: (c) => ({
    data(side, b, at, end) {
      c.emit({ all: `${side}:${String.fromCharCode(...b.subarray(at, end))}` });
      return end - at;
    },
  }),
});

const named = nameOnly('magic', 'Magic', 'other', { tcp: [99] }, (b, at) => (b[at] === 0xfe ? probed.yes : probed.no));
const all = [counted, up, named];
const messages = (heard: ReturnType<typeof converse>): unknown[] => heard.events().map((event) => event.message);
const client = (...parts: string[]) => ({ side: 0, bytes: bytesOf(...parts) }) as const;

describe('a conversation', () => {
  it.each([1, 2, 3, 100])('shows again what was not consumed, in pieces of %i', (pieces) => {
    const heard = converse(all, [client("'\x03abc\x02de"), { side: 1, bytes: bytesOf("'\x01f") }], { pieces });
    expect(messages(heard)).toEqual(['abc', 'de', 'f', 'end']);
    expect([heard.names, heard.how, heard.kept]).toEqual([['counted'], 'pattern', 0]);
  });

  it('skips what a talk wants skipped, also when it comes later', () => {
    const heard = converse(all, [client("'\x01S01234"), client("'56789\x01x")]);
    expect(messages(heard)).toEqual(['S', 'x', 'end']);
  });

  it('ends the talk at a hole that nobody can bridge, but not inside what is skipped', () => {
    const skipped = converse(all, [client("'\x01S"), { side: 0, gap: 4 }, client("'456789\x01x")]);
    expect(messages(skipped)).toEqual(['S', 'x', 'end']);
    const broken = converse(all, [client("'\x01a"), { side: 0, gap: 4 }, client("'\x01x")]);
    expect(messages(broken)).toEqual(['a', 'end']);
    expect(broken.isOver).toBe(true);
  });

  it('gives what a side said before it was known who speaks', () => {
    const heard = converse(all, [{ side: 1, bytes: bytesOf("'\xff\xff") }, client("'\x01a")]);
    expect(heard.names).toEqual(['counted']);
    expect(messages(heard)).toEqual(['a', 'end']);
  });

  it('changes to another protocol with the rest of both sides', () => {
    const heard = converse(all, [{ side: 1, bytes: bytesOf("'\x09part") }, client("'\x01Urest"), client("'more")]);
    expect(heard.told.map(({ event }) => event.message ?? event.all)).toEqual([
      'U',
      'end',
      '0:rest',
      '1:\x09part',
      '0:more',
    ]);
    expect(heard.names).toEqual(['counted', 'up']);
  });

  it('takes the name back when the bytes are not of the protocol, and of the port as the last resort', () => {
    const heard = converse(all, [client("'\x01N")], { rPort: 99 });
    expect([heard.names, heard.how]).toEqual([['magic'], 'port']);
    expect(converse(all, [client("'\x01N")]).names).toEqual([]);
  });

  it('names without reading where only the name is told', () => {
    const heard = converse(all, [client('fe00')]);
    expect([heard.names, heard.isOver, heard.how]).toEqual([['magic'], true, 'pattern']);
  });

  it('turns the sides round from the next bytes on', () => {
    const heard = converse(all, [client("'\x01W"), client("'\x01a")]);
    expect(heard.events().map((event) => event.side)).toEqual(['0', '1', undefined]);
  });

  it('reads datagrams one by one', () => {
    const heard = converse(all, [client("'\x02ab"), client("'\x01c")], { proto: 17 });
    expect(messages(heard)).toEqual(['ab', 'c', 'end']);
  });

  it('stops when told it is done, and when a protocol throws', () => {
    expect(messages(converse(all, [client("'\x01D"), client("'\x01a")]))).toEqual(['D']);
    const heard = converse(all, [client("'\x01T"), client("'\x01a")]);
    expect([messages(heard), heard.threw.length, heard.isOver, heard.kept]).toEqual([[], 1, true, 0]);
  });

  it('gives up after four payloads of one side that tell nothing, or as soon as both sides told nothing', () => {
    const dull = { side: 0, bytes: bytesOf("'zzzz") } as const;
    expect(converse(all, Array(3).fill(dull)).isOver).toBe(false);
    expect(converse(all, Array(4).fill(dull)).isOver).toBe(true);
    expect(converse(all, [dull, { ...dull, side: 1 }]).isOver).toBe(true);
    expect(converse(all, [{ side: 0, bytes: new Uint8Array(4096).fill(90) }]).isOver).toBe(true);
    expect(converse(all, Array(2).fill(dull), { proto: 17 }).isOver).toBe(false);
    expect(converse(all, Array(3).fill(dull), { proto: 17 }).isOver).toBe(true);
  });

  it('waits longer where a probe hopes: for twelve payloads and 64 bytes', () => {
    const some = { side: 0, bytes: bytesOf("'zzzzzzzz") } as const;
    expect(converse(all, Array(11).fill(some), { rPort: 77 }).isOver).toBe(false);
    expect(converse(all, Array(12).fill(some), { rPort: 77 }).isOver).toBe(true);
    const typed = { side: 0, bytes: bytesOf("'z") } as const;
    expect(converse(all, Array(63).fill(typed), { rPort: 77 }).isOver).toBe(false);
    expect(converse(all, Array(64).fill(typed), { rPort: 77 }).isOver).toBe(true);
  });

  it('ends a talk that never consumes, by bytes kept and by bytes shown again', () => {
    const greedy = defineProtocol({ ...up, name: 'greedy', open: () => ({ data: () => 0 }) });
    const kilobytes = Array(70).fill({ side: 0, bytes: new Uint8Array(1000) });
    expect(converse([greedy], kilobytes, { open: true }).bounded).toEqual(['side']);
    const drops = Array(3000).fill({ side: 0, bytes: new Uint8Array(2) });
    const heard = converse([greedy], drops, { open: true });
    expect([heard.bounded, heard.kept]).toEqual([['repeats'], 0]);
  });
});

describe('a conversation inside another', () => {
  const around = defineProtocol({
    name: 'around',
    title: 'Around',
    family: 'other',
    fields: { all: text('All') },
    open: (c) => {
      const inside = c.inner('counted');
      return {
        data(side, b, at, end) {
          inside.data(side, b, at, end);
          return end - at;
        },
      };
    },
  });

  it('tells for the same flow, adds its name, and gives back what it keeps', () => {
    const heard = converse([around, counted], [client("'\x02ab\x09part")], { open: true });
    expect(heard.events('counted').map((event) => event.message)).toEqual(['ab', 'end']);
    expect([heard.names, heard.kept]).toEqual([['around', 'counted'], 0]);
  });
});
