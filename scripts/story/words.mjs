// What hosts of the story say: DNS (RFC 1035), DHCP (RFC 2131), NTP (RFC 5905), SSH (RFC 4253), RTP (RFC 3550), TLS.
import { clientHello, dnsName, serverHello, sized, tlsRecord, two } from '../../bench/make/payloads.mjs';
import { addressBytes } from './stage.mjs';

/** @param {import('../../bench/make/random.mjs').Random} random @param {number} length */
export function noise(random, length) {
  const bytes = Buffer.alloc(length);
  for (let i = 0; i < length; i++) bytes[i] = random.below(256);
  return bytes;
}

const words = 'the quick office printed nine made up pages about nothing at all and nobody read them\n'.split(' ');

export function prose(random, length) {
  let text = '';
  while (text.length < length) text += `${words[random.below(words.length)]} `;
  return Buffer.from(text.slice(0, length), 'latin1');
}

// --- names ------------------------------------------------------------------------------------------------------------

export const dnsType = { a: 1, ptr: 12, txt: 16, aaaa: 28, srv: 33 };

const question = (name, type) => Buffer.concat([dnsName(name), two(type), two(1)]);
const header = (id, flags, counts) => Buffer.concat([two(id), two(flags), ...counts.map(two)]);
export const record = (owner, type, ttl, data) =>
  Buffer.concat([owner, two(type), two(1), two(0), two(ttl), sized(2, data)]);

export const ask = (id, name, type) => Buffer.concat([header(id, 0x0100, [1, 0, 0, 0]), question(name, type)]);

/** @param {readonly Buffer[]} answers record data; none: there is no such name */
export function answer(id, name, type, answers) {
  const flags = answers.length === 0 ? 0x8183 : 0x8180;
  const records = answers.map((data) => record(two(0xc00c), type, 300, data));
  return Buffer.concat([header(id, flags, [1, records.length, 0, 0]), question(name, type), ...records]);
}

/** What a printer tells of itself (RFC 6762, RFC 6763). */
export function printerAnnounces(address) {
  const service = '_ipp._tcp.local';
  const instance = Buffer.concat([sized(1, Buffer.from('Printer by the door')), dnsName(service)]);
  const target = Buffer.concat([two(0), two(0), two(631), dnsName('printer.local')]);
  return Buffer.concat([
    header(0, 0x8400, [0, 3, 0, 0]),
    record(dnsName(service), dnsType.ptr, 4500, instance),
    record(instance, dnsType.srv, 120, target),
    record(dnsName('printer.local'), dnsType.a, 120, addressBytes(address)),
  ]);
}

export const browseFor = (service) => Buffer.concat([header(0, 0, [1, 0, 0, 0]), question(service, dnsType.ptr)]);

// --- the network itself -----------------------------------------------------------------------------------------------

const dhcpServer = '192.168.1.1';

/** @param {1|2|3|5} type discover, offer, request, acknowledge */
export function dhcp(type, host, name) {
  const isAnswer = type === 2 || type === 5;
  const fixed = Buffer.alloc(236);
  fixed.set([isAnswer ? 2 : 1, 1, 6, 0, 0x3d, 0x1a, 0x77, 0x01], 0);
  if (isAnswer) fixed.set(addressBytes(`192.168.1.${host}`), 16);
  fixed.set([2, 0, 0, 0, 1, host], 28);
  const option = (code, data) => Buffer.concat([Buffer.of(code), sized(1, Buffer.from(data))]);
  const options = [option(53, [type])];
  if (type !== 1) options.push(option(54, addressBytes(dhcpServer)));
  if (type === 3) options.push(option(50, addressBytes(`192.168.1.${host}`)));
  if (isAnswer) {
    options.push(option(1, [255, 255, 255, 0]), option(3, addressBytes(dhcpServer)));
    options.push(option(6, addressBytes(dhcpServer)), option(51, [0, 1, 0x51, 0x80]));
  } else options.push(option(12, name), option(55, [1, 3, 6, 15]));
  return Buffer.concat([fixed, Buffer.from([0x63, 0x82, 0x53, 0x63]), ...options, Buffer.of(255)]);
}

export function ntp(isAnswer, sec) {
  const bytes = Buffer.alloc(48);
  bytes.set(isAnswer ? [0x24, 2, 6, 0xe9] : [0x23, 0, 6, 0xe9], 0);
  if (isAnswer) bytes.set([0, 0, 2, 0, 0, 0, 1, 0, 192, 0, 2, 123], 4);
  // Seconds since 1900 (RFC 5905 §6).
  const since = 3_976_592_400 + sec;
  if (isAnswer) for (const at of [16, 24, 32]) bytes.writeUInt32BE(since, at);
  bytes.writeUInt32BE(since, 40);
  return bytes;
}

// --- conversations ----------------------------------------------------------------------------------------------------

/** The first words of both sides of TLS 1.3, and the client's end of the handshake. */
export function tlsHellos(random, name) {
  return {
    client: clientHello(name, noise(random, 32), noise(random, 32), noise(random, 32)),
    server: serverHello(true, noise(random, 1100)),
    finished: Buffer.concat([tlsRecord(20, Buffer.of(1)), tlsRecord(23, noise(random, 53))]),
  };
}

export const sealed = (random, length) => tlsRecord(23, noise(random, length));

/** SSH_MSG_KEXINIT (RFC 4253 §7.1), key exchange and NEWKEYS of one side. */
export function sshKeys(random, side) {
  const list = (text) => sized(4, Buffer.from(text));
  const ciphers = 'chacha20-poly1305@openssh.com,aes256-gcm@openssh.com';
  const lists = [
    'curve25519-sha256',
    'ssh-ed25519',
    ciphers,
    ciphers,
    'hmac-sha2-256',
    'hmac-sha2-256',
    'none',
    'none',
  ];
  const names = [...lists.map(list), list(''), list('')];
  const offer = Buffer.concat([Buffer.of(20), noise(random, 16), ...names, Buffer.alloc(5)]);
  const key = sized(4, noise(random, 32));
  const hostKey = sized(4, list('ssh-ed25519'), sized(4, noise(random, 32)));
  const signature = sized(4, list('ssh-ed25519'), sized(4, noise(random, 64)));
  const reply = side === 0 ? [Buffer.of(30), key] : [Buffer.of(31), hostKey, key, signature];
  return { offer: sshPacket(offer), reply: sshPacket(Buffer.concat(reply)), newKeys: sshPacket(Buffer.of(21)) };
}

/** Length, padding, payload (RFC 4253 §6). */
function sshPacket(payload) {
  const padding = 8 - ((payload.length + 5) % 8) + (8 - ((payload.length + 5) % 8) < 4 ? 8 : 0);
  return sized(4, Buffer.of(padding), payload, Buffer.alloc(padding));
}

export function rtp(payloadType, seq, ticks, source, payload) {
  const head = Buffer.alloc(12);
  head.set([0x80, payloadType], 0);
  head.writeUInt16BE(seq & 0xffff, 2);
  head.writeUInt32BE(ticks >>> 0, 4);
  head.writeUInt32BE(source, 8);
  return Buffer.concat([head, payload]);
}
