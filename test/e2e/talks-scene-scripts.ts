// Dialogues of protocols that node has no server for, as both sides would write them on TCP.

import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { loginSecret } from './talks-secrets.ts';

export const serverHost = '127.0.0.2';

/** What one side sends next: a string is latin1. A function is played in between. */
type Step = readonly ['client' | 'server', string | Uint8Array] | (() => Promise<void>);

/** A server's socket and port, told once it listens. */
export async function listening(server: Server, port = 0): Promise<number> {
  server.listen(port, serverHost);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port; // a TCP server's address is an object
}

const bytes = (text: string | Uint8Array): Buffer =>
  typeof text === 'string' ? Buffer.from(text, 'latin1') : Buffer.from(text);

/** Counts what a socket receives, and waits for it. */
function counted(socket: Socket): (total: number) => Promise<void> {
  let got = 0;
  socket.on('data', (data) => {
    got += data.length;
  });
  return async (total) => {
    while (got < total) await once(socket, 'data');
  };
}

/** Plays the steps in order: each is sent once the step before has arrived. */
async function dialogue(port: number, steps: readonly Step[]): Promise<void> {
  const server = createServer();
  await listening(server, port);
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const client = connect({ port, host: serverHost });
  const [far] = await accepted;
  client.setNoDelay();
  far.setNoDelay();
  const received = { client: counted(far), server: counted(client) };
  const sent = { client: 0, server: 0 };
  for (const step of steps) {
    if (typeof step === 'function') {
      await step();
      continue;
    }
    const [who, text] = step;
    const data = bytes(text);
    (who === 'client' ? client : far).write(data);
    sent[who] += data.length;
    await received[who](sent[who]);
  }
  const closed = [once(client, 'close'), once(far, 'close')];
  client.end();
  far.end();
  await Promise.all(closed);
  server.close();
}

const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64');

/** RFC 5321, with AUTH PLAIN (RFC 4616) and a message with an attachment. */
export async function smtp(): Promise<void> {
  const message = [
    ...['From: Anna <anna@example.test>', 'To: ben@example.test', 'Subject: Minutes of May'],
    ...[
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=cut',
      '',
      '--cut',
      'Content-Type: text/plain',
      '',
    ],
    ...['See below.', '--cut', 'Content-Type: text/csv', 'Content-Disposition: attachment; filename="may.csv"', ''],
    ...['a,b', '--cut--', '.', ''],
  ].join('\r\n');
  await dialogue(25, [
    ['server', '220 mail.example.test ESMTP\r\n'],
    ['client', 'EHLO desk.example.test\r\n'],
    ['server', '250-mail.example.test\r\n250-AUTH PLAIN\r\n250 8BITMIME\r\n'],
    ['client', `AUTH PLAIN ${base64(`\0anna\0${loginSecret}`)}\r\n`],
    ['server', '235 2.7.0 welcome\r\n'],
    ['client', 'MAIL FROM:<anna@example.test>\r\n'],
    ['server', '250 2.1.0 fine\r\n'],
    ['client', 'RCPT TO:<ben@example.test>\r\n'],
    ['server', '250 2.1.5 fine\r\n'],
    ['client', 'DATA\r\n'],
    ['server', '354 go on\r\n'],
    ['client', message],
    ['server', '250 2.0.0 queued\r\n'],
    ['client', 'QUIT\r\n'],
    ['server', '221 2.0.0 bye\r\n'],
  ]);
}

/** RFC 959, with a passive data connection. */
export async function ftp(): Promise<void> {
  const files = createServer((socket) => socket.end('a line of a file\r\n'.repeat(300)));
  const port = await listening(files, 40_021);
  const fetched = async (): Promise<void> => {
    const socket = connect({ port, host: serverHost });
    socket.resume();
    await once(socket, 'close');
  };
  await dialogue(21, [
    ['server', '220 files.example.test ready\r\n'],
    ['client', 'USER anna\r\n'],
    ['server', '331 password please\r\n'],
    ['client', `PASS ${loginSecret}\r\n`],
    ['server', '230 welcome\r\n'],
    ['client', 'PASV\r\n'],
    ['server', `227 Entering Passive Mode (127,0,0,2,${port >> 8},${port & 255})\r\n`],
    ['client', 'RETR notes.txt\r\n'],
    ['server', '150 here it comes\r\n'],
    fetched,
    ['server', '226 done\r\n'],
    ['client', 'QUIT\r\n'],
    ['server', '221 bye\r\n'],
  ]);
  files.close();
}

/** SSH_MSG_KEXINIT in a binary packet (RFC 4253 §6, §7.1). */
function keyExchange(cipher: string): Buffer {
  const names = [
    'curve25519-sha256',
    'ssh-ed25519',
    cipher,
    cipher,
    'hmac-sha2-256',
    'hmac-sha2-256',
    'none',
    'none',
    '',
    '',
  ];
  const lists = names.map((name) => Buffer.concat([Buffer.from([0, 0, 0, name.length]), Buffer.from(name)]));
  const payload = Buffer.concat([Buffer.from([20]), Buffer.alloc(16, 7), ...lists, Buffer.alloc(5)]);
  const padding = 8 - ((payload.length + 5) % 8) + 8;
  const head = Buffer.alloc(5);
  head.writeUInt32BE(payload.length + padding + 1);
  head[4] = padding;
  return Buffer.concat([head, payload, Buffer.alloc(padding)]);
}

/** RFC 4253 on a port that is not its own. */
export async function ssh(): Promise<void> {
  await dialogue(2200, [
    ['server', 'SSH-2.0-tapserver_1.0\r\n'],
    ['client', 'SSH-2.0-tapclient_2.0\r\n'],
    ['client', keyExchange('aes128-ctr')],
    ['server', keyExchange('aes128-ctr')],
  ]);
}

/** A string of MQTT: length of two bytes, then UTF-8 (MQTT 3.1.1 §1.5.3). */
const mqttText = (text: string): string => String.fromCharCode(text.length >> 8, text.length & 255) + text;

/** MQTT 3.1.1: a login, a published message, the end. */
export async function mqtt(): Promise<void> {
  const connection = `${mqttText('MQTT')}\x04\xc2\0\x3c${mqttText('sensor-7')}${mqttText('anna')}${mqttText(loginSecret)}`;
  const publication = `${mqttText('house/cellar')}21.5`;
  await dialogue(1883, [
    ['client', `\x10${String.fromCharCode(connection.length)}${connection}`],
    ['server', '\x20\x02\0\0'],
    ['client', `\x30${String.fromCharCode(publication.length)}${publication}`],
    ['client', '\xe0\0'],
  ]);
}

/** An array of bulk strings of RESP. */
const resp = (...words: readonly string[]): string =>
  `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`;

/** RESP 2. */
export async function redis(): Promise<void> {
  await dialogue(6379, [
    ['client', resp('AUTH', loginSecret)],
    ['server', '+OK\r\n'],
    ['client', resp('SET', 'lamp', 'on')],
    ['server', '+OK\r\n'],
    ['client', resp('GET', 'lamp')],
    ['server', '$2\r\non\r\n'],
  ]);
}

/** A message of PostgreSQL's protocol 3.0: type, length with itself, body. */
function message(type: string, body: string): Buffer {
  const head = Buffer.alloc(type.length + 4);
  head.write(type, 'latin1');
  head.writeUInt32BE(body.length + 4, type.length);
  return Buffer.concat([head, Buffer.from(body, 'latin1')]);
}

/** A startup with a clear-text password, and a query with one row. */
export async function postgres(): Promise<void> {
  const column = 'id\0\0\0\0\0\0\0\0\0\0\x17\0\x04\xff\xff\xff\xff\0\0';
  await dialogue(5432, [
    ['client', message('', '\0\x03\0\0user\0anna\0database\0stock\0\0')],
    ['server', message('R', '\0\0\0\x03')],
    ['client', message('p', `${loginSecret}\0`)],
    ['server', Buffer.concat([message('R', '\0\0\0\0'), message('Z', 'I')])],
    ['client', message('Q', 'select id from things\0')],
    [
      'server',
      Buffer.concat([
        message('T', `\0\x01${column}`),
        message('D', '\0\x01\0\0\0\x011'),
        message('C', 'SELECT 1\0'),
        message('Z', 'I'),
      ]),
    ],
    ['client', message('X', '')],
  ]);
}
