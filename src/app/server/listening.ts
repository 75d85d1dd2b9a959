// An HTTP server around the API: on an address, or on the socket in a store's folder.

import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { ListenOptions } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { setSafeHeaders } from './access/headers.ts';
import type { BuiltApi } from './api.ts';
import { apiBase } from './api-base.ts';
import { problemOf, Refusal } from './refusals.ts';
import { uploadPath } from './routes/scene/upload.ts';
import { limits } from './shapes/limits.ts';

const slowestBodyMs = 60_000;

/** A server that listens. */
export interface Listening {
  readonly server: Server;
  /** Ends streams and questions, lets go of the address. */
  close(): Promise<void>;
}

/** Rejects with what the system says where it cannot listen. */
export async function listen({ app, endStreams }: BuiltApi, where: ListenOptions): Promise<Listening> {
  const answer = getRequestListener(app.fetch, { overrideGlobalObjects: false, errorHandler: refuseRequest });
  // Uploads take as long as they take; see `endSlowBody`.
  const server = createServer({ requestTimeout: 0, headersTimeout: 20_000 }, (incoming, outgoing) => {
    setSafeHeaders(outgoing);
    if (incoming.url?.startsWith(`${apiBase}${uploadPath}`) !== true) endSlowBody(incoming);
    void answer(incoming, outgoing);
  });
  server.maxConnections = limits.connections;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(where, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    server,
    close: () =>
      new Promise((resolve) => {
        endStreams();
        server.close(() => resolve());
        server.closeIdleConnections();
        // Those that are still busy get a moment to end what they do.
        setTimeout(() => server.closeAllConnections(), 500).unref();
      }),
  };
}

/** Who is slow to send a modest body does not hold its place for ever. */
function endSlowBody(incoming: IncomingMessage): void {
  if (incoming.headers['content-length'] === undefined) return;
  const timer = setTimeout(() => incoming.destroy(), slowestBodyMs);
  const done = (): void => clearTimeout(timer);
  incoming.once('end', done).once('close', done);
}

/** Requests that are none: a Host header or a path that no URL can have. */
function refuseRequest(): Response {
  const refusal = new Refusal(
    'BAD_REQUEST',
    'this is no request that could be read',
    'Check the path and the Host header.',
  );
  const { status, problem } = problemOf(refusal);
  return Response.json(problem, { status });
}
