// DNS over UDP and TCP with a server of a dozen lines (RFC 1035 §4).

import { Buffer } from 'node:buffer';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { listening, serverHost } from './talks-scene-scripts.ts';

const known = 'www.example.test';

/** A question for an address, class IN. */
function question(id: number, name: string): Buffer {
  const head = Buffer.from([id >> 8, id & 255, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
  const labels = name.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
  return Buffer.concat([head, ...labels, Buffer.from([0, 0, 1, 0, 1])]);
}

/** 192.0.2.7 for the known name, NXDOMAIN for any other. */
function answerTo(asked: Buffer): Buffer {
  const isKnown = asked.equals(question(asked.readUInt16BE(0), known));
  const answer = Buffer.from(asked);
  answer.set([0x81, isKnown ? 0x80 : 0x83], 2);
  if (!isKnown) return answer;
  answer[7] = 1;
  return Buffer.concat([answer, Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4, 192, 0, 2, 7])]);
}

export async function dnsOverUdp(): Promise<void> {
  const server = createSocket('udp4', (asked, from) => server.send(answerTo(asked), from.port, from.address));
  server.bind(53, serverHost);
  await once(server, 'listening');
  const client = createSocket('udp4');
  client.bind(0, '127.0.0.1');
  await once(client, 'listening');
  for (const [id, name] of [known, 'missing.example.test'].entries()) {
    client.send(question(id + 1, name), 53, serverHost);
    await once(client, 'message');
  }
  client.close();
  server.close();
}

/** Each message behind its length of two bytes (RFC 7766 §8). */
export async function dnsOverTcp(): Promise<void> {
  const framed = (message: Buffer): Buffer => Buffer.concat([Buffer.from([0, message.length]), message]);
  const server = createServer((socket) => {
    socket.on('data', (data) => socket.write(framed(answerTo(data.subarray(2)))));
  });
  await listening(server, 53);
  const client = connect({ port: 53, host: serverHost });
  await once(client, 'connect');
  client.write(framed(question(77, known)));
  await once(client, 'data');
  client.end();
  await once(client, 'close');
  server.close();
}
