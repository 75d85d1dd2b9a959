// What happens in any office: a laptop arrives, names, time, pages, a printer, a shell, a call.
import { addressBytes, icmp6 } from './stage.mjs';
import { Tcp } from './tcp.mjs';
import * as say from './words.mjs';

export const router = '192.168.1.1';
export const anna = '192.168.1.23';
export const ben = '192.168.1.34';
export const server = '192.168.1.20';
const printer = '192.168.1.40';
const anna6 = '2001:db8:1::23';
const sec = 1e6;

/** @typedef {{ stage: import('./stage.mjs').Stage, random: import('../../bench/make/random.mjs').Random }} World */

/** A question to the router's resolver; gives the time of the answer. */
export function lookup({ stage, random }, us, from, name, type, answers, waitUs = 9000) {
  const [port, id] = [32_768 + random.below(28_000), random.below(65_536)];
  stage.udp(us, from, port, router, 53, say.ask(id, name, type));
  const doneUs = us + waitUs + random.below(6000);
  stage.udp(doneUs, router, 53, from, port, say.answer(id, name, type, answers));
  return doneUs;
}

/** Both addresses of a name are asked for, and the one of the family that is used is connected to. */
function resolved(world, us, from, name, to) {
  const data = [addressBytes(to)];
  const is6 = to.includes(':');
  const asker = from.includes(':') ? anna : from;
  lookup(world, us, asker, name, say.dnsType.a, is6 ? [addressBytes('203.0.113.99')] : data);
  return is6 ? lookup(world, us + 300, asker, name, say.dnsType.aaaa, data) + 500 : us + 18_000;
}

export function arrival({ stage }) {
  const [none, all] = ['0.0.0.0', '255.255.255.255'];
  stage.udp(0.2 * sec, none, 68, all, 67, say.dhcp(1, 23, 'annas-laptop'));
  stage.udp(0.24 * sec, router, 67, all, 68, say.dhcp(2, 23, 'annas-laptop'));
  stage.udp(0.26 * sec, none, 68, all, 67, say.dhcp(3, 23, 'annas-laptop'));
  stage.udp(0.3 * sec, router, 67, all, 68, say.dhcp(5, 23, 'annas-laptop'));
  for (const [n, host] of [anna, ben, server, '192.168.1.21', '192.168.1.50', '192.168.1.66'].entries())
    stage.neighbours((0.5 + n * 0.37) * sec, host, router);
  // Neighbour discovery (RFC 4861 §4.3): who has the router's address?
  const solicitation = Buffer.concat([Buffer.from([135, 0, 0, 0, 0, 0, 0, 0]), addressBytes('2001:db8:1::1')]);
  const source = Buffer.from([1, 1, 2, 0, 0, 0, 1, 23]);
  stage.ip(0.9 * sec, anna6, 'ff02::1:ff00:1', icmp6, Buffer.concat([solicitation, source]), 2);
  const advertisement = Buffer.concat([Buffer.from([136, 0, 0, 0, 0xe0, 0, 0, 0]), addressBytes('2001:db8:1::1')]);
  const target = Buffer.from([2, 1, 2, 0, 0, 0, 1, 1]);
  stage.ip(0.902 * sec, '2001:db8:1::1', anna6, icmp6, Buffer.concat([advertisement, target]), 2);
}

export function clocks({ stage }) {
  for (const [n, host] of [anna, ben, server, '192.168.1.50'].entries()) {
    for (const at of [3 + n * 2.3, 131 + n * 3.1, 259 + n * 2.7]) {
      stage.udp(at * sec, host, 123, '192.0.2.123', 123, say.ntp(false, at | 0));
      stage.udp(at * sec + 21_000, '192.0.2.123', 123, host, 123, say.ntp(true, at | 0));
    }
  }
}

export function printing(world) {
  const { stage, random } = world;
  for (const at of [2, 95, 205]) stage.udp(at * sec, printer, 5353, '224.0.0.251', 5353, say.printerAnnounces(printer));
  stage.udp(88 * sec, ben, 5353, '224.0.0.251', 5353, say.browseFor('_ipp._tcp.local'));
  stage.neighbours(88.5 * sec, ben, printer);
  const job = new Tcp(stage, random, { us: 89 * sec, from: ben, to: printer, port: 631, rttUs: 700 }).open();
  const page = say.prose(random, 24_000);
  job.say(
    0,
    `POST /ipp/print HTTP/1.1\r\nHost: printer.local:631\r\nUser-Agent: CUPS/2.4\r\nContent-Type: application/ipp\r\nContent-Length: ${page.length}\r\n\r\n`,
  );
  job.say(0, page, 300).wait(40_000);
  job
    .say(
      1,
      'HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nContent-Length: 9\r\n\r\n\x02\x00\x00\x00\x00\x00\x00\x01\x03',
    )
    .close();
}

const sites = [
  ['www.example.com', '203.0.113.10', 1],
  ['news.example.org', '198.51.100.25', 6],
  ['mail.example.net', '203.0.113.31', 2],
  ['maps.example.com', '2001:db8:50::10', 4],
  ['shop.example.org', '198.51.100.80', 3],
  ['cloud.example.net', '2001:db8:60::7', 5],
];
const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';

/** A visit over TLS: hellos in the clear, then records. */
export function visit(world, us, from, [name, to, pages]) {
  const { stage, random } = world;
  const source = to.includes(':') ? anna6 : from;
  const us0 = resolved(world, us, from, name, to);
  const talk = new Tcp(stage, random, {
    us: us0,
    from: source,
    to,
    port: 443,
    rttUs: 12_000 + random.below(30_000),
  }).open();
  const hellos = say.tlsHellos(random, name);
  talk.say(0, hellos.client).say(1, hellos.server).say(0, hellos.finished);
  for (let page = 0; page < pages; page++) {
    talk.say(0, say.sealed(random, 300 + random.below(400))).wait(15_000 + random.below(50_000));
    talk.say(1, say.sealed(random, 800 + random.below(3100))).wait(random.below(2.5 * sec));
  }
  talk.close();
}

/** Pages over plain HTTP/1.1. */
function readPages(world, us, from, name, to, paths) {
  const { stage, random } = world;
  const talk = new Tcp(stage, random, { us: resolved(world, us, from, name, to), from, to, port: 80 }).open();
  for (const path of paths) {
    const body = say.prose(random, 900 + random.below(5000));
    talk.say(0, `GET ${path} HTTP/1.1\r\nHost: ${name}\r\nUser-Agent: ${agent}\r\nAccept: text/html\r\n\r\n`);
    talk.wait(20_000 + random.below(60_000));
    const head = `HTTP/1.1 200 OK\r\nServer: made-up\r\nContent-Type: text/html\r\nContent-Length: ${body.length}\r\n\r\n`;
    talk.say(1, Buffer.concat([Buffer.from(head), body])).wait(random.below(3 * sec));
  }
  talk.close();
}

export function browsing(world) {
  const { random } = world;
  for (let at = 5, n = 0; at < 285; at += 4 + random.below(6), n++) {
    visit(world, at * sec + random.below(sec), n % 3 === 2 ? ben : anna, sites[random.below(sites.length)]);
  }
  for (const at of [8, 63, 118, 196, 262]) {
    readPages(world, at * sec, at % 2 === 0 ? anna : ben, 'library.example.org', '198.51.100.60', [
      '/',
      '/shelf',
      '/shelf/7',
    ]);
  }
}

/** Somebody types at a shell of the server for three minutes. */
export function shell({ stage, random }) {
  const talk = new Tcp(stage, random, { us: 40 * sec, from: anna, to: server, port: 22, rttUs: 600 }).open();
  sshOpens(talk, random, 'SSH-2.0-OpenSSH_9.6');
  // Service accepted, one answer, then let in: a success is 16 bytes shorter than the acceptance.
  talk.say(0, say.noise(random, 52)).say(1, say.noise(random, 52)).say(0, say.noise(random, 92)).wait(4000);
  talk.say(1, say.noise(random, 84)).say(0, say.noise(random, 652)).wait(9000).say(1, say.noise(random, 36));
  for (let key = 0; key < 220; key++) {
    talk
      .wait(120_000 + random.below(900_000))
      .say(0, say.noise(random, 36))
      .wait(400);
    talk.say(1, say.noise(random, key % 9 === 8 ? 300 + random.below(600) : 36));
  }
  talk.close();
}

/** Banners and keys of both sides. */
export function sshOpens(talk, random, client) {
  const [near, far] = [say.sshKeys(random, 0), say.sshKeys(random, 1)];
  talk.say(0, `${client}\r\n`).say(1, 'SSH-2.0-OpenSSH_9.6\r\n').say(0, near.offer).say(1, far.offer);
  talk
    .say(0, near.reply)
    .wait(3000)
    .say(1, Buffer.concat([far.reply, far.newKeys]))
    .say(0, near.newKeys);
}

/** Twenty seconds of sound both ways and a small picture one way. */
export function call(world) {
  const { stage, random } = world;
  lookup(world, 29.9 * sec, anna, 'meet.example.net', say.dnsType.a, [addressBytes('198.51.100.70')]);
  const far = '198.51.100.70';
  const opus = 111;
  for (let n = 0; n < 1000; n++) {
    const us = 30 * sec + n * 20_000;
    const sound = () => say.noise(random, 60 + random.below(20));
    stage.udp(us + random.below(900), anna, 50_004, far, 40_002, say.rtp(opus, 700 + n, n * 960, 0x1111, sound()));
    stage.udp(
      us + 9000 + random.below(3000),
      far,
      40_002,
      anna,
      50_004,
      say.rtp(opus, 90 + n, n * 960, 0x2222, sound()),
    );
  }
  for (let n = 0; n < 200; n++) {
    const us = 30.1 * sec + n * 98_000 + random.below(2500);
    stage.udp(
      us,
      far,
      40_002,
      anna,
      50_004,
      say.rtp(96, 3000 + n, n * 8820, 0x3333, say.noise(random, 400 + random.below(400))),
    );
  }
}
