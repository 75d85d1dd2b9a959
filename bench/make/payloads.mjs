// What the flows of the mix say: DNS (RFC 1035), TLS hellos (RFC 8446), HTTP/1.1 (RFC 9112), SSH banners, NTP. Kept in
// one pool of bytes, so that a planned packet needs only an offset and a length.

const noiseBytes = 2 << 20;
const proseBytes = 1 << 20;

/** @param {number} value */
export const two = (value) => Buffer.of(value >>> 8, value & 255);
/** `parts` behind their length in `width` bytes. @param {number} width @param {Buffer[]} parts */
export const sized = (width, ...parts) => {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(width);
  head.writeUIntBE(body.length, 0, width);
  return Buffer.concat([head, body]);
};
/** @param {number} type @param {Buffer[]} parts */
const extension = (type, ...parts) => Buffer.concat([two(type), sized(2, ...parts)]);
/** @param {number} type @param {Buffer} body */
export const tlsRecord = (type, body) => Buffer.concat([Buffer.of(type, 3, 3), sized(2, body)]);
/** @param {string} name */
export const dnsName = (name) =>
  Buffer.concat([...name.split('.').map((label) => sized(1, Buffer.from(label))), Buffer.of(0)]);

/**
 * @typedef {{ at: number, length: number }} Piece a stretch of the pool
 */

/**
 * @param {import('./random.mjs').Random} random
 * @param {number} hosts how many server names there are
 */
export function createPayloads(random, hosts) {
  let pool = Buffer.alloc(24 << 20);
  for (let at = 0; at < noiseBytes; at += 4) pool.writeUInt32BE(random.word(), at);
  const vocabulary = 'a packet went by and no one knew where it had been or what it meant to say\n'.split(' ');
  let used = noiseBytes;
  while (used < noiseBytes + proseBytes) used += pool.write(`${vocabulary[random.below(vocabulary.length)]} `, used);

  /** @param {Buffer | string} content @returns {Piece} */
  const keep = (content) => {
    const body = typeof content === 'string' ? Buffer.from(content, 'latin1') : content;
    if (used + body.length > pool.length) pool = Buffer.concat([pool, Buffer.alloc(pool.length)]);
    body.copy(pool, used);
    used += body.length;
    return { at: used - body.length, length: body.length };
  };
  /** @param {number} length */
  const noise = (length) => {
    const at = random.below(noiseBytes - length);
    return pool.subarray(at, at + length);
  };
  const names = Array.from({ length: hosts }, (_, i) => {
    const zone = ['example.com', 'example.net', 'example.org', 'invalid', 'test'][i % 5];
    return `${['www', 'cdn', 'api', 'mx', 'media', 'login'][i % 6]}${i}.${zone}`;
  });

  return {
    /** The pool's bytes; asked for after everything is planned, since the pool may move while it grows. */
    bytes: () => pool,
    /** @param {number} length */
    someNoise: (length) => random.below(noiseBytes - length),
    /** @param {number} length */
    someProse: (length) => noiseBytes + random.below(proseBytes - length),
    hello: names.map((name) => keep(clientHello(name, noise(32), noise(32), noise(32)))),
    serverHello: [true, true, true, false].map((is13) => keep(serverHello(is13, noise(1100)))),
    finished: keep(Buffer.concat([tlsRecord(20, Buffer.of(1)), tlsRecord(23, noise(53))])),
    request: names.map((name, i) => keep(httpRequest(name, i))),
    banner: keep('SSH-2.0-bench_1.0\r\n'),
    ntpAsk: keep(Buffer.concat([Buffer.of(0x23, 0, 6, 0xe9), Buffer.alloc(44)])),
    ntpTell: keep(
      Buffer.concat([Buffer.of(0x24, 2, 6, 0xe9), Buffer.alloc(8), Buffer.from([127, 0, 0, 1]), noise(32)]),
    ),
    ping: keep(Buffer.from(Array.from({ length: 56 }, (_, i) => 8 + i))),
    /** @param {boolean} isFound @param {number} bodyBytes */
    responseHead: (isFound, bodyBytes) =>
      keep(
        `HTTP/1.1 ${isFound ? '200 OK' : '404 Not Found'}\r\nServer: bench\r\nContent-Type: text/plain\r\n` +
          `Content-Length: ${bodyBytes}\r\nConnection: keep-alive\r\n\r\n`,
      ),
    /**
     * A question and its answer; a tenth of the answers goes through an alias, a name that does not exist gets NXDOMAIN.
     * @param {number} id @param {number} host @param {number} type @param {boolean} exists @param {number} address
     */
    lookup(id, host, type, exists, address) {
      const name = dnsName(exists ? names[host] : `gone-${id}.${names[host]}`);
      const question = Buffer.concat([name, two(type), two(1)]);
      const header = (/** @type {number} */ flags, /** @type {number} */ answers) =>
        Buffer.concat([two(id), two(flags), two(1), two(answers), two(0), two(0)]);
      const data = Buffer.alloc(type === 1 ? 4 : 16);
      if (type === 28) data.set([0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 1]);
      data.writeUInt32BE(address, data.length - 4);
      const record = (/** @type {Buffer} */ owner, /** @type {number} */ kind, /** @type {Buffer} */ body) =>
        Buffer.concat([owner, two(kind), two(1), Buffer.of(0, 0, 1, 44), sized(2, body)]);
      const alias = dnsName(`edge${host % 50}.example.net`);
      const records = !exists
        ? []
        : host % 10 === 0
          ? [record(two(0xc00c), 5, alias), record(alias, type, data)]
          : [record(two(0xc00c), type, data)];
      return {
        ask: keep(Buffer.concat([header(0x0100, 0), question])),
        tell: keep(Buffer.concat([header(exists ? 0x8180 : 0x8183, records.length), question, ...records])),
      };
    },
  };
}

/** @param {string} name @param {Buffer} nonce @param {Buffer} session @param {Buffer} key */
export function clientHello(name, nonce, session, key) {
  const list = (/** @type {number[]} */ values) => sized(2, ...values.map(two));
  const extensions = [
    extension(0, sized(2, Buffer.of(0), sized(2, Buffer.from(name)))),
    extension(10, list([0x1d, 0x17, 0x18])),
    extension(13, list([0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501])),
    extension(16, sized(2, sized(1, Buffer.from('h2')), sized(1, Buffer.from('http/1.1')))),
    extension(43, sized(1, two(0x0304), two(0x0303))),
    extension(45, Buffer.of(1, 1)),
    extension(51, sized(2, two(0x1d), sized(2, key))),
    extension(21, Buffer.alloc(180)),
  ];
  const suites = list([0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8]);
  const body = [two(0x0303), nonce, sized(1, session), suites, Buffer.of(1, 0), sized(2, ...extensions)];
  return tlsRecord(22, Buffer.concat([Buffer.of(1), sized(3, ...body)]));
}

/** Hello, change of cipher and the first hidden record. @param {boolean} is13 @param {Buffer} noise */
export function serverHello(is13, noise) {
  const extensions = is13
    ? [extension(43, two(0x0304)), extension(51, two(0x1d), sized(2, noise.subarray(0, 32)))]
    : [extension(23), extension(0xff01, Buffer.of(0))];
  const body = [
    two(0x0303),
    noise.subarray(32, 64),
    sized(1, noise.subarray(64, 96)),
    two(is13 ? 0x1301 : 0xc02f),
    Buffer.of(0),
    sized(2, ...extensions),
  ];
  const hello = tlsRecord(22, Buffer.concat([Buffer.of(2), sized(3, ...body)]));
  return Buffer.concat([hello, tlsRecord(20, Buffer.of(1)), tlsRecord(is13 ? 23 : 22, noise.subarray(96))]);
}

/** @param {string} name @param {number} i */
function httpRequest(name, i) {
  const agent = ['bench/1.0', 'curl/8.5.0', 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0'][
    i % 3
  ];
  return (
    `GET /things/${i}?page=${i % 40} HTTP/1.1\r\nHost: ${name}\r\nUser-Agent: ${agent}\r\nAccept: */*\r\n` +
    `Accept-Encoding: gzip\r\nCookie: id=${'0123456789abcdef'.repeat(6)}\r\nConnection: keep-alive\r\n\r\n`
  );
}
