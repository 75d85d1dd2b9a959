// Proves what BitTorrent's handshake and hash table tell, and that cut or damaged messages do no harm.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, converse, type Step } from '../golden/converse.ts';
import { afterValue, bencodedNumber, bencodedText } from './bencode.ts';
import { bittorrent } from './bittorrent.ts';
import { bittorrentDht } from './bittorrent-dht.ts';

const dht = (...steps: (readonly [side: 0 | 1, ...parts: string[]])[]) =>
  converse(
    [bittorrentDht],
    steps.map(([side, ...parts]) => ({ side, bytes: bytesOf(...parts) })),
    { proto: 17, rPort: 6881 },
  );

const id = 'abcdefghij0123456789';
const hexId = '6162636465666768696a30313233343536373839';

describe('bencoding', () => {
  it('reads strings and numbers', () => {
    expect(bencodedText(bytesOf("'4:spam"), 0, 6)).toEqual({ from: 2, to: 6 });
    expect(bencodedText(bytesOf("'5:spam"), 0, 6)).toBeNull();
    expect(bencodedNumber(bytesOf("'i-42e"), 0, 5)).toBe(-42);
    expect(bencodedNumber(bytesOf("'i42"), 0, 3)).toBeNull();
  });

  it('steps over values, but not deeper than a bound', () => {
    expect(afterValue(bytesOf("'d1:ali1ei2eee"), 0, 13)).toBe(13);
    expect(afterValue(bytesOf("'", 'll'.repeat(40)), 0, 81)).toBe(-1);
    const deep = bytesOf(`'${'l'.repeat(5000)}`);
    expect(afterValue(deep, 0, deep.length)).toBe(-1);
  });

  it('never goes beyond the end', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        const bytes = bytesOf(`'d${text}`);
        const after = afterValue(bytes, 0, bytes.length);
        expect(after).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });
});

describe('BitTorrent DHT', () => {
  it('tells queries and answers as EVE does', () => {
    const heard = dht(
      [0, `'d1:ad2:id20:${id}9:info_hash20:${id}e1:q9:get_peers1:t2:aa1:v4:UT021:y1:qe`],
      [1, `'d1:rd2:id20:${id}5:token3:tok6:valuesl6:`, 'c0000201 9c40', `'ee1:t2:aa1:y1:re`],
      [1, "'d1:eli201e5:oopse1:t2:aa1:y1:ee".replace('5:oops', '4:oops')],
    );
    expect(heard.events()).toEqual([
      {
        transaction: '6161',
        clientVersion: '55543032',
        requestType: 'get_peers',
        request: { id: hexId, info_hash: hexId },
      },
      {
        transaction: '6161',
        response: { id: hexId, token: '746f6b', values: [{ ip: '192.0.2.1', port: 40_000 }] },
      },
      { transaction: '6161', error: { num: 201, msg: 'oops' } },
    ]);
    expect(heard.how).toBe('handshake');
  });

  it('reads nodes of both families', () => {
    const node4 = `${hexId}c00002019c40`;
    const node6 = `${hexId}20010db8${'00'.repeat(11)}019c40`;
    const heard = dht([1, `'d1:rd2:id20:${id}5:nodes26:`, node4, "'6:nodes638:", node6, "'e1:t2:aa1:y1:re"]);
    expect(heard.events()).toMatchObject([
      {
        response: {
          nodes: [{ id: hexId, ip: '192.0.2.1', port: 40_000 }],
          nodes6: [{ id: hexId, ip: '2001:db8::1', port: 40_000 }],
        },
      },
    ]);
  });

  it('tells a query without a transaction, and that it is malformed', () => {
    const heard = dht([0, `'d1:ad2:id20:${id}e1:q4:ping1:y1:qe`]);
    expect(heard.events()).toMatchObject([{ transaction: '', requestType: 'ping' }]);
    expect(heard.weird).toEqual(['malformed_packet']);
  });

  it('does not take other dictionaries for its own', () => {
    const other = bytesOf("'d8:announce20:http://example.org/a4:infod4:name1:aee");
    expect(converse([bittorrentDht], [{ side: 0, bytes: other }], { proto: 17, rPort: 40_000 }).names).toEqual([]);
  });

  it('survives damage', () => {
    const whole = bytesOf(`'d1:ad2:id20:${id}6:target20:${id}e1:q9:find_node1:t2:aa1:y1:qe`);
    for (let at = 0; at < whole.length; at++) {
      for (const value of [0, 0x39, 0x64, 0x69, 0xff]) {
        const bent = whole.slice();
        bent[at] = value;
        const setting = { proto: 17, open: true } as const;
        expect(converse([bittorrentDht], [{ side: 0, bytes: bent }], setting).threw).toEqual([]);
        expect(converse([bittorrentDht], [{ side: 0, bytes: whole.slice(0, at) }], setting).threw).toEqual([]);
      }
    }
  });
});

describe('BitTorrent', () => {
  const hash = '11'.repeat(20);
  const shake = (peer: string): Uint8Array => bytesOf("'\x13BitTorrent protocol", '0000000000100001', hash, `'${peer}`);
  const steps: Step[] = [
    { side: 0, bytes: shake('-XX0001-abcdefghijkl') },
    { side: 1, bytes: shake('-YY0002-abcdefghijkl') },
    { side: 0, bytes: bytesOf('00000001 02') },
  ];
  const told = {
    infoHash: hash,
    clientPeer: '-XX0001-abcdefghijkl',
    serverPeer: '-YY0002-abcdefghijkl',
    isUtp: false,
    hasDht: true,
    hasExtensions: true,
  };

  it('tells the torrent and both peers, in pieces of any size, and then looks no more', () => {
    for (const pieces of [1, 10, 1000]) {
      const heard = converse([bittorrent], steps, { rPort: 6881, pieces });
      expect(heard.events()).toEqual([told]);
      expect(heard.isOver).toBe(true);
      expect(heard.kept).toBe(0);
    }
  });

  it('tells a handshake that is not answered', () => {
    const heard = converse([bittorrent], steps.slice(0, 1), { rPort: 6881 });
    expect(heard.events()).toMatchObject([{ infoHash: hash, clientPeer: '-XX0001-abcdefghijkl' }]);
    expect(heard.how).toBe('pattern');
  });

  it('finds the handshake inside uTP', () => {
    const opening = bytesOf('4100 5302 10eeb2f0 00000000 00100000 e7f5 0000');
    const answer = bytesOf('2100 5302 06ff3f5f 7fffffff 0000f000 49c7 e7f5');
    const carried = (peer: string): Uint8Array =>
      bytesOf('0100 5303 10f06876 00000001 00100000 e7f6 49c6', shake(peer));
    const heard = converse(
      [bittorrent],
      [
        { side: 0, bytes: opening },
        { side: 1, bytes: answer },
        { side: 0, bytes: carried('-XX0001-abcdefghijkl') },
        { side: 1, bytes: carried('-YY0002-abcdefghijkl') },
      ],
      { proto: 17, rPort: 40_000 },
    );
    expect(heard.events()).toEqual([{ ...told, isUtp: true }]);
    expect(heard.names).toEqual(['bittorrent']);
  });

  it('calls a uTP flow without a handshake just that', () => {
    const opening = bytesOf('4100 5302 10eeb2f0 00000000 00100000 e7f5 0000');
    expect(converse([bittorrent], [{ side: 0, bytes: opening }], { proto: 17 }).names).toEqual(['utp']);
  });

  it('reads the search in the local network', () => {
    const search = bytesOf(
      `'BT-SEARCH * HTTP/1.1\r\nHost: 239.192.152.143:6771\r\nPort: 6881\r\nInfohash: ${hash}\r\n\r\n`,
    );
    expect(converse([bittorrent], [{ side: 0, bytes: search }], { proto: 17, rPort: 6771 }).events()).toEqual([
      { infoHash: hash },
    ]);
  });

  it('survives damage', () => {
    for (let at = 0; at < 68; at++) {
      const bent = (steps[0].bytes as Uint8Array).slice();
      bent[at] ^= 0xff;
      expect(converse([bittorrent], [{ side: 0, bytes: bent }, steps[1]], { open: true }).threw).toEqual([]);
      expect(
        converse([bittorrent], [{ side: 0, bytes: bent.slice(0, at) }, steps[1]], { proto: 17, open: true }).threw,
      ).toEqual([]);
    }
  });
});
