// An HTTP server around the API: on an address, or on the socket in a store's folder.

import { createServer, type Server } from 'node:http';
import type { ListenOptions } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { setSafeHeaders } from './access/headers.ts';
import type { BuiltApi } from './api.ts';
import { problemOf, Refusal } from './refusals.ts';
import { limits } from './shapes/limits.ts';

/** A server that listens. */
export interface Listening {
  readonly server: Server;
  /** Ends streams and questions, lets go of the address. */
  close(): Promise<void>;
}

/** Rejects with what the system says where it cannot listen. */
export async function listen({ app, endStreams }: BuiltApi, where: ListenOptions): Promise<Listening> {
  const answer = getRequestListener(app.fetch, { overrideGlobalObjects: false, errorHandler: refuseRequest });
  const server = createServer({ requestTimeout: 60_000 }, (incoming, outgoing) => {
    setSafeHeaders(outgoing);
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
