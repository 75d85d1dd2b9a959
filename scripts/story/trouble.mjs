// What goes wrong in the story: a slow server, a lossy link, a scan, a tunnel, a beacon, guessed passwords.
import { anna, ben, lookup, server, sshOpens } from './everyday.mjs';
import { addressBytes } from './stage.mjs';
import { Tcp } from './tcp.mjs';
import * as say from './words.mjs';

const wiki = '192.168.1.21';
const camera = '2001:db8:1::50';
const visitor = '192.168.1.66';
/** Whom the camera reports to (RFC 9637), and who guesses passwords (RFC 5737): networks for documentation. */
const master = '3fff:200::c8';
const guesser = '198.51.100.166';
const sec = 1e6;

/** The wiki thinks for seconds before each page. */
export function slowServer({ stage, random }) {
  const talk = new Tcp(stage, random, { us: 70 * sec, from: anna, to: wiki, port: 80, rttUs: 500 }).open();
  for (const page of ['start', 'holidays', 'kitchen', 'keys', 'search?q=coffee', 'coffee', 'history', 'start']) {
    talk.say(
      0,
      `GET /${page} HTTP/1.1\r\nHost: wiki.office.test\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\nAccept: */*\r\n\r\n`,
    );
    talk.wait(2.2 * sec + random.below(2.2 * sec));
    const body = say.prose(random, 6000 + random.below(3000));
    const head = `HTTP/1.1 200 OK\r\nServer: slow-wiki\r\nContent-Type: text/html\r\nContent-Length: ${body.length}\r\n\r\n`;
    talk.say(1, Buffer.concat([Buffer.from(head), body])).wait(300_000 + random.below(400_000));
  }
  talk.close();
}

/** A download over a radio link that loses one segment in twelve. */
export function lossyLink(world) {
  const { stage, random } = world;
  const name = 'mirror.example.org';
  const us = lookup(world, 132 * sec, ben, name, say.dnsType.a, [addressBytes('198.51.100.90')]) + 300;
  const talk = new Tcp(stage, random, { us, from: ben, to: '198.51.100.90', port: 80, rttUs: 45_000 }).open();
  const body = say.prose(random, 300_000);
  talk
    .say(0, `GET /pool/pictures.tar HTTP/1.1\r\nHost: ${name}\r\nUser-Agent: curl/8.5.0\r\nAccept: */*\r\n\r\n`)
    .wait(12_000);
  const head = `HTTP/1.1 200 OK\r\nServer: made-up\r\nContent-Type: application/x-tar\r\nContent-Length: ${body.length}\r\n\r\n`;
  talk.lossy(Buffer.concat([Buffer.from(head), body]), 10, 6000).close();
}

/** A visitor's laptop tries the ports of the server one by one. */
export function scan({ stage, random }) {
  stage.neighbours(99.8 * sec, visitor, server);
  const open = new Set([22, 80, 443]);
  for (let port = 1; port <= 140; port++) {
    const about = { us: 100 * sec + port * 70_000, from: visitor, to: server, port, fromPort: 50_000, rttUs: 350 };
    const attempt = new Tcp(stage, random, about);
    if (open.has(port)) attempt.knock();
    else attempt.refused();
  }
}

/** Data leave in names: long labels of hexadecimal digits below one domain, answered with texts. */
export function tunnel(world) {
  const { random } = world;
  for (let n = 0; n < 110; n++) {
    const label = () => say.noise(random, 24).toString('hex').slice(0, 44);
    const name = `${label()}.${label()}.carrier.test`;
    const text = Buffer.from(say.noise(random, 80).toString('base64'));
    const txt = Buffer.concat([Buffer.of(text.length), text]);
    lookup(world, 172 * sec + n * 380_000 + random.below(90_000), ben, name, say.dnsType.txt, [txt], 31_000);
  }
}

/** The camera reports every twelve seconds, the same amount each time. */
export function beacon({ stage, random }) {
  for (let n = 0; n < 24; n++) {
    const us = (9 + n * 12) * sec + random.below(0.9 * sec);
    const talk = new Tcp(stage, random, { us, from: camera, to: master, port: 8443, rttUs: 61_000 }).open();
    const hellos = say.tlsHellos(random, 'status.example.net');
    talk.say(0, hellos.client).say(1, hellos.server).say(0, hellos.finished);
    talk
      .say(0, say.sealed(random, 212 + random.below(8)))
      .wait(30_000)
      .say(1, say.sealed(random, 64))
      .close();
  }
}

/** Somebody from outside tries one password after the other. */
export function guessing({ stage, random }) {
  for (let n = 0; n < 18; n++) {
    const us = (226 + n * 3.1) * sec + random.below(2.9 * sec);
    const talk = new Tcp(stage, random, { us, from: guesser, to: server, port: 22, rttUs: 800 }).open();
    sshOpens(talk, random, 'SSH-2.0-libssh_0.10.5');
    talk.say(0, say.noise(random, 52)).say(1, say.noise(random, 52));
    for (let tries = 0; tries < 3; tries++) {
      talk.say(0, say.noise(random, 116)).wait(350_000).say(1, say.noise(random, 68));
    }
    talk.close(1);
  }
}
