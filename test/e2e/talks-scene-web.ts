// HTTP/1.1 in its forms, HTTP/2 in clear text, WebSocket and TLS, between a server and a client of node.

import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  Agent,
  createServer,
  type IncomingMessage,
  type RequestOptions,
  request,
  type ServerResponse,
} from 'node:http';
import { connect as connectHttp2, createServer as createHttp2 } from 'node:http2';
import { connect as connectTls, createServer as createTls, type SecureVersion } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { listening, serverHost } from './talks-scene-scripts.ts';
import { cookieSecret, loginSecret, tokenSecret } from './talks-secrets.ts';
import { certificateFor } from './tls-connection.ts';

const page = '<!DOCTYPE html><title>a page</title>\n'.repeat(80);

function serve(asked: IncomingMessage, answer: ServerResponse): void {
  asked.resume();
  answer.setHeader('Server', 'tap/1');
  answer.setHeader('Content-Type', 'text/html');
  switch (asked.url?.split('?')[0]) {
    case '/chunked':
      answer.write(page);
      answer.end(page);
      break;
    case '/packed':
      answer.setHeader('Content-Encoding', 'gzip');
      answer.end(gzipSync(page));
      break;
    case '/missing':
      answer.statusCode = 404;
      answer.end('no\n');
      break;
    case '/form':
      answer.setHeader('Set-Cookie', `session=${cookieSecret}; HttpOnly`);
      answer.setHeader('Location', '/form/1');
      answer.statusCode = 303;
      answer.end();
      break;
    default:
      answer.setHeader('Content-Length', page.length);
      answer.end(page);
  }
}

/** One request, until its answer is read. */
async function ask(options: RequestOptions, body = ''): Promise<number> {
  const asked = request({ host: serverHost, ...options });
  asked.end(body);
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  answer.resume();
  await once(answer, 'end');
  return answer.statusCode ?? 0;
}

const headers = { Host: 'www.example.test', 'User-Agent': 'scene/1.0' };

/** Six requests on one connection. */
export async function pages(): Promise<void> {
  const server = createServer(serve);
  await listening(server, 80);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const common = { port: 80, agent, headers };
  await ask({ ...common, path: '/first?x=1' });
  await ask({ ...common, path: '/chunked' });
  await ask({ ...common, path: '/packed' });
  await ask({ ...common, path: '/head', method: 'HEAD' });
  await ask({ ...common, path: '/missing' });
  const secret = { Cookie: `session=${cookieSecret}`, 'X-Api-Key': tokenSecret };
  const type = { 'Content-Type': 'application/x-www-form-urlencoded', Referer: 'http://www.example.test/first' };
  const form = { ...common, path: '/form', method: 'POST', auth: `anna:${loginSecret}` };
  await ask({ ...form, headers: { ...headers, ...secret, ...type } }, `password=${loginSecret}`);
  agent.destroy();
  server.close();
}

/** Pages again and again, each on a connection of its own; `isReady` is told when the first was read. */
export async function pagesUntilEnded(isReady: () => void): Promise<never> {
  const server = createServer(serve);
  await listening(server, 80);
  for (let count = 0; ; count++) {
    await ask({ port: 80, agent: false, path: `/page/${count}`, headers });
    if (count === 50) isReady();
  }
}

/** A masked text frame and one without a mask (RFC 6455 §5.2), behind the upgrade (§4), on a port that is not HTTP's. */
export async function webSocket(): Promise<void> {
  const server = createServer();
  server.on('upgrade', (asked, socket) => {
    const key = `${asked.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash('sha1').update(key).digest('base64');
    const lines = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
    socket.write(`${lines.join('\r\n')}\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
    socket.on('data', () => socket.end(Buffer.from('\x81\x05hello', 'latin1')));
  });
  await listening(server, 8765);
  const key = Buffer.alloc(16, 5).toString('base64');
  const upgrade = {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Key': key,
    'Sec-WebSocket-Version': '13',
  };
  const options = { host: serverHost, port: 8765, path: '/talk' };
  const asked = request({ ...options, headers: { ...headers, ...upgrade } });
  asked.end();
  const [, socket] = await once(asked, 'upgrade');
  socket.write(Buffer.from([0x81, 0x82, 1, 2, 3, 4, 0x68 ^ 1, 0x69 ^ 2]));
  socket.resume();
  await once(socket, 'end');
  socket.end();
  await once(socket, 'close');
  server.close();
}

/** Two requests at the same time on one connection, without an upgrade (RFC 9113 §3.3). */
export async function http2Cleartext(): Promise<void> {
  const server = createHttp2((asked, answer) => {
    answer.statusCode = asked.url === '/two/missing' ? 404 : 200;
    answer.setHeader('content-type', 'text/plain');
    answer.end('two\n');
  });
  const port = await listening(server, 8080);
  const client = connectHttp2(`http://${serverHost}:${port}`);
  const gone = once(client, 'close');
  const streams = ['/two/here', '/two/missing'].map((path) => {
    const stream = client.request({
      ...{ ':path': path, ':authority': 'two.example.test' },
      ...{ 'user-agent': 'scene/2.0', authorization: `Bearer ${tokenSecret}` },
    });
    stream.resume();
    return once(stream, 'end');
  });
  await Promise.all(streams);
  client.close();
  await gone;
  server.close();
}

/** TLS of one version to a name; both know h2 and http/1.1, and the server takes what it is told. */
async function handshake(version: SecureVersion, servername: string, protocol: string): Promise<void> {
  const identity = certificateFor(servername);
  const versions = { minVersion: version, maxVersion: version };
  const server = createTls({ ...identity, ...versions, ALPNProtocols: [protocol] }, (socket) => {
    socket.on('data', () => socket.end(tokenSecret));
  });
  await listening(server, 443);
  const ALPNProtocols = ['h2', 'http/1.1'];
  const near = { host: serverHost, port: 443 };
  const client = connectTls({ ...near, ...versions, servername, ALPNProtocols, rejectUnauthorized: false });
  await once(client, 'secureConnect');
  client.write(loginSecret);
  client.resume();
  await once(client, 'end');
  client.end();
  await once(client, 'close');
  server.close();
}

export async function tls(): Promise<void> {
  await handshake('TLSv1.2', 'old.example.test', 'http/1.1');
  await handshake('TLSv1.3', 'new.example.test', 'h2');
}
