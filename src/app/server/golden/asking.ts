// Requests as a test wants them, with every header its own, where `fetch` would put in some of its own.

import { type IncomingHttpHeaders, type RequestOptions, request } from 'node:http';

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly json: () => never;
}

/** Sends one request and gives the whole answer. */
export function askServer(options: RequestOptions & { readonly body?: string | Uint8Array }): Promise<Reply> {
  const { body, ...rest } = options;
  const bodyHeaders =
    body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const outgoing = request({ ...rest, agent: false, headers: { ...bodyHeaders, ...rest.headers } }, (incoming) => {
      const pieces: Buffer[] = [];
      incoming.on('data', (piece: Buffer) => pieces.push(piece));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const text = Buffer.concat(pieces).toString();
        const { statusCode = 0, headers } = incoming;
        resolve({ status: statusCode, headers, text, json: () => JSON.parse(text) as never });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
