// Databases, queues and calls that are known by name only: Kafka, NATS, ZooKeeper, AJP, FastCGI, CORBA (GIOP), Thrift,
// FIX, SMPP, Diameter (RFC 6733), Oracle TNS, TDS, DRDA, Elasticsearch, STOMP, Beanstalk, Erlang, Neo4j, Firebird,
// ClickHouse, NSQ, Couchbase, HCL Notes.

import { u16, u16le, u24, u32, u32le } from '../../../core/index.ts';
import { nameOnly, oneOf, onPort, type Probe, startingWith } from '../protocol.ts';
import { begins, beginsOnPort, contains, hasStart, isPrintable, needs, signature, yesIf } from './signature.ts';

/** Request: length without itself, key and version of the call, number, length and text of the client's name. */
const noName = 0xffff;
const isName = (b: Uint8Array, from: number, to: number, end: number): boolean =>
  to > from && to <= end && isPrintable(b, from, to);
const kafka: Probe = (b, o, end, hint) => {
  if (end - o < 14 || hint.side !== 0) return 0;
  const length = u32(b, o);
  const nameLength = u16(b, o + 12);
  return yesIf(
    length >= 10 &&
      (length === end - o - 4 || hint.isPort) &&
      length < 0x10_0000 &&
      u16(b, o + 4) <= 90 &&
      u16(b, o + 6) <= 20 &&
      (nameLength === noName ? hint.isPort : isName(b, o + 14, o + 14 + nameLength, Math.min(end, o + 4 + length))),
  );
};

const natsInfo = signature("'INFO {");
const nats: Probe = (b, o, end, hint) =>
  yesIf(
    (natsInfo(b, o, end) && contains(b, o, end, '"server_id"')) || (hint.isPort && hasStart(b, o, end, 'CONNECT {')),
  );

/** Connect request: 44 or 45 bytes, version 0, last transaction seen, timeout. */
const zookeeper: Probe = (b, o, end) =>
  yesIf(
    hasStart(b, o, end, 'ruok') ||
      hasStart(b, o, end, 'stat') ||
      (end - o >= 28 && (u32(b, o) === 44 || u32(b, o) === 45) && u32(b, o + 4) === 0 && u32(b, o + 16) < 0x100000),
  );

/** 0x1234 from the web server, "AB" from the container; length, code. */
const ajp: Probe = (b, o, end, hint) => {
  if (end - o < 5) return 0;
  const length = u16(b, o + 2);
  if (b[o] === 0x12 && b[o + 1] === 0x34) {
    return yesIf(
      (b[o + 4] === 2 || b[o + 4] === 7 || b[o + 4] === 8 || b[o + 4] === 10) &&
        (hint.isPort || length === end - o - 4),
    );
  }
  return yesIf(hint.isPort && b[o] === 0x41 && b[o + 1] === 0x42 && b[o + 4] >= 3 && b[o + 4] <= 9);
};

/** Begin-request: version 1, type 1, content of eight bytes, a role from 1 to 3. */
const fastCgi: Probe = (b, o, end) =>
  yesIf(
    end - o >= 16 &&
      b[o] === 1 &&
      b[o + 1] === 1 &&
      u16(b, o + 4) === 8 &&
      u16(b, o + 8) >= 1 &&
      u16(b, o + 8) <= 3 &&
      u32(b, o + 12) === 0,
  );

/** Magic, version 1.0 to 1.3, flags, kind. */
const giop: Probe = (b, o, end) =>
  yesIf(end - o >= 12 && hasStart(b, o, end, 'GIOP') && b[o + 4] === 1 && b[o + 5] <= 3 && b[o + 7] <= 7);

/** Strict binary (0x8001, kind), framed or not, or compact (0x82, kind and version). */
const thrift: Probe = (b, o, end) => {
  if (end - o < 12) return 0;
  const at = b[o] === 0 ? o + 4 : o;
  if (end - at < 10) return 0;
  if (u24(b, at) === 0x800100 && b[at + 3] >= 1 && b[at + 3] <= 4) {
    const length = u32(b, at + 4);
    return yesIf(length > 0 && length < 128 && at + 8 + length <= end && isPrintable(b, at + 8, at + 8 + length));
  }
  if (b[at] !== 0x82 || (b[at + 1] & 0x1f) !== 1 || b[at + 1] >> 5 > 4) return 0;
  let nameAt = at + 2;
  while (nameAt < at + 7 && b[nameAt] > 0x7f) nameAt++;
  const length = b[++nameAt];
  if (length === 0 || length > 0x40) return 0;
  return yesIf(nameAt + 1 + length <= end && isPrintable(b, nameAt + 1, nameAt + 1 + length));
};

/** Length of all, a command that binds, status 0, a sequence number. */
const smpp: Probe = (b, o, end, hint) => {
  if (end - o < 16) return 0;
  const command = u32(b, o + 4);
  const kind = command & 0x7fffffff;
  if (u32(b, o) > end - o || u32(b, o) < 16) return 0;
  return yesIf(
    (kind === 1 || kind === 2 || kind === 9 || (hint.isPort && kind <= 0x112)) &&
      (command >>> 31 === 1 || u32(b, o + 8) === 0) &&
      u32(b, o + 12) > 0 &&
      u32(b, o + 12) < 0x1000,
  );
};

/** Version 1, length of all (a multiple of four), flags, command, application. */
const diameter: Probe = (b, o, end, hint) => {
  if (end - o < 24 || b[o] !== 1 || (b[o + 4] & 0x0f) !== 0) return 0;
  const length = u24(b, o + 1);
  const command = u24(b, o + 5);
  return yesIf(
    length >= 20 && length % 4 === 0 && (length <= end - o || hint.isPort) && command >= 257 && b[o + 20] === 0,
  );
};

/** Length, checksum 0, type, reserved 0; a connect names its version and service. */
const tns: Probe = (b, o, end, hint) => {
  if (end - o < 8 || u16(b, o + 2) !== 0 || b[o + 5] !== 0) return 0;
  const isConnect =
    b[o + 4] === 1 && end - o > 34 && u16(b, o) <= end - o && u16(b, o + 8) >= 0x0100 && u16(b, o + 8) < 0x0200;
  return yesIf(
    isConnect || (hint.isPort && u16(b, o) === end - o && (b[o + 4] === 2 || b[o + 4] === 4 || b[o + 4] === 11)),
  );
};

/** Type, status, length, channel, number, window 0. */
const tds: Probe = (b, o, end, hint) => {
  if (end - o < 8 || b[o + 7] !== 0 || b[o + 1] > 15) return 0;
  const type = b[o];
  const length = u16(b, o + 2);
  const isPrelogin = type === 0x12 && b[o + 1] === 1 && length === end - o && b[o + 8] === 0 && u16(b, o + 9) < length;
  const isKnown = type === 1 || type === 2 || type === 3 || type === 4 || type === 14 || type === 16 || type === 18;
  // Before version 7 a login fills one packet of 512 bytes.
  const isOldLogin = type === 2 && length === 512 && end - o >= 512 && b[o + 1] <= 1 && u16(b, o + 4) === 0;
  return yesIf(isPrelogin || isOldLogin || (hint.isPort && isKnown && length >= 8 && length <= 32_767));
};

/** DDM: length, 0xd0, format, number, length of the object, exchange of server attributes. */
const drda: Probe = (b, o, end) =>
  yesIf(
    end - o >= 10 &&
      b[o + 2] === 0xd0 &&
      u16(b, o + 6) === u16(b, o) - 6 &&
      (u16(b, o + 8) === 0x1041 || u16(b, o + 8) === 0x1443),
  );

const elasticsearch: Probe = (b, o, end) =>
  yesIf(end - o >= 19 && b[o] === 0x45 && b[o + 1] === 0x53 && u32(b, o + 2) === end - o - 6 && b[o + 14] <= 0x0f);

/** Port mapper: length, a request from `n` to `z`. */
const epmd: Probe = (b, o, end) =>
  yesIf(
    end - o >= 3 &&
      u16(b, o) === end - o - 2 &&
      (b[o + 2] === 0x6e || b[o + 2] === 0x78 || b[o + 2] === 0x7a || b[o + 2] === 0x64),
  );

const clickHouse: Probe = (b, o, end) => yesIf(b[o] === 0 && b[o + 1] < 64 && hasStart(b, o + 2, end, 'ClickHouse'));

const notes: Probe = (b, o, end) =>
  yesIf(end - o >= 16 && u16le(b, o) <= end - o && u16(b, o + 4) === 0 && u16(b, o + 6) === 2);

const firebird: Probe = (b, o, end) => yesIf(end - o >= 16 && u32(b, o) === 1 && u32(b, o + 4) === 0x13);

/** Conversation, command 81 to 84, fragment, window, time, number, acknowledged, length of what follows. */
const kcp: Probe = (b, o, end, hint) =>
  yesIf(
    end - o >= 24 && b[o + 4] >= 81 && b[o + 4] <= 84 && u32le(b, o + 20) === hint.length - 24 && u16le(b, o + 6) > 0,
  );

export const datas = [
  nameOnly(
    'kafka',
    'Kafka',
    'data',
    { tcp: [9092] },
    needs(14, (c) => c === 0, kafka),
  ),
  nameOnly(
    'nats',
    'NATS',
    'data',
    { tcp: [4222] },
    needs(16, (c) => c === 0x49 || c === 0x43, nats),
  ),
  nameOnly('zookeeper', 'ZooKeeper', 'data', { tcp: [2181] }, onPort(startingWith(oneOf(0, 0x72, 0x73), zookeeper))),
  nameOnly(
    'ajp',
    'Apache JServ',
    'web',
    { tcp: [8009] },
    needs(5, (c) => c === 0x12 || c === 0x41, ajp),
  ),
  nameOnly(
    'fastcgi',
    'FastCGI',
    'web',
    { tcp: [] },
    needs(16, (c) => c === 1, fastCgi),
  ),
  nameOnly(
    'giop',
    'CORBA (GIOP)',
    'data',
    { tcp: [2809, 683] },
    needs(12, (c) => c === 0x47, giop),
  ),
  nameOnly(
    'thrift',
    'Thrift',
    'data',
    { tcp: [], udp: [6831] },
    needs(12, (c) => c === 0 || c === 0x80 || c === 0x82, thrift),
  ),
  nameOnly('fix', 'FIX', 'data', { tcp: [] }, begins("'8=FIX.4.", "'8=FIXT.1.", "'8=FIX.5.")),
  nameOnly(
    'smpp',
    'SMPP',
    'data',
    { tcp: [2775] },
    needs(16, (c) => c === 0, smpp),
  ),
  nameOnly(
    'diameter',
    'Diameter',
    'login',
    { tcp: [3868] },
    needs(24, (c) => c === 1, diameter),
  ),
  nameOnly(
    'oracle-tns',
    'Oracle TNS',
    'data',
    { tcp: [1521] },
    needs(8, (c) => c <= 1, tns),
  ),
  nameOnly(
    'tds',
    'SQL Server (TDS)',
    'data',
    { tcp: [1433] },
    needs(12, (c) => c > 0 && c <= 18, tds),
  ),
  nameOnly(
    'drda',
    'DB2 (DRDA)',
    'data',
    { tcp: [446] },
    needs(10, (c) => c === 0, drda),
  ),
  nameOnly(
    'elasticsearch',
    'Elasticsearch transport',
    'data',
    { tcp: [] },
    needs(19, (c) => c === 0x45, elasticsearch),
  ),
  nameOnly(
    'stomp',
    'STOMP',
    'data',
    { tcp: [61_613] },
    begins("'CONNECT\naccept-version", "'STOMP\n", "'CONNECT\nlogin:", "'CONNECTED\nversion:"),
  ),
  nameOnly('epmd', 'Erlang port mapper', 'data', { tcp: [4369] }, onPort(epmd)),
  nameOnly('neo4j', 'Neo4j (Bolt)', 'data', { tcp: [7687] }, begins('6060b017')),
  nameOnly('firebird', 'Firebird', 'data', { tcp: [3050] }, onPort(startingWith(oneOf(0), firebird))),
  nameOnly('clickhouse', 'ClickHouse', 'data', { tcp: [] }, startingWith(oneOf(0), clickHouse)),
  nameOnly('kcp', 'KCP', 'data', { udp: [] }, kcp),
  nameOnly('nsq', 'NSQ', 'data', { tcp: [4150] }, begins("'  V2")),
  nameOnly(
    'beanstalkd',
    'Beanstalk',
    'data',
    { tcp: [11_300] },
    beginsOnPort("'put ", "'use ", "'watch ", "'reserve", "'stats"),
  ),
  nameOnly('hcl-notes', 'HCL Notes', 'mail', { tcp: [1352] }, onPort(notes)),
];
