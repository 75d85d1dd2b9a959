// Requests to ClickHouse over HTTP: one place for login, TLS, time limits, and for what goes wrong.
// https://clickhouse.com/docs/interfaces/http

import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import { Failure } from '../../../../core/index.ts';
import { type Host, hostName, type Place } from './url.ts';

/** What the server said to a request that it refused. */
export class ServerError extends Error {
  /** Number of the exception, 0 where the answer came from something before the server. */
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.name = 'ServerError';
    this.code = code;
  }
}

/** No answer: the connection failed, broke, or took too long. What was asked for may have been done or not. */
export class NoAnswer extends Error {
  constructor(host: Host, cause: unknown) {
    super(`${hostName(host)}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'NoAnswer';
  }
}

export interface Asking {
  readonly sql: string;
  /** Settings and parameters. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Rows that follow the statement; already compressed where `encoding` says so. */
  readonly body?: readonly Uint8Array[];
  readonly encoding?: 'gzip';
  /** Without an answer for this long the request is given up. */
  readonly timeoutMs: number;
  /** Left out: the URL's; empty: none. */
  readonly database?: string;
  readonly signal?: AbortSignal | undefined;
}

const firstLines = (text: string): string => text.trim().replace(/\s+/g, ' ').slice(0, 500);

/** One set of connections to the servers of a URL. */
export class Connections {
  readonly place: Place;
  readonly #agent: http.Agent | https.Agent;

  constructor(place: Place) {
    this.place = place;
    const options = { keepAlive: true, keepAliveMsecs: 5000, maxSockets: 16 };
    this.#agent = place.isSecure ? new https.Agent({ ...options, ...authorities(place) }) : new http.Agent(options);
  }

  /** The whole answer as text. Throws ServerError, NoAnswer, or the signal's reason. */
  async ask(host: Host, asking: Asking): Promise<string> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of await this.open(host, asking)) chunks.push(chunk);
    } catch (cause) {
      throw asking.signal?.aborted === true ? cause : noAnswerOf(host, cause);
    }
    return Buffer.concat(chunks).toString('utf8');
  }

  /** The answer as it comes; throws as `ask` does, but once it has begun, errors of the connection are the stream's. */
  async open(host: Host, asking: Asking): Promise<http.IncomingMessage> {
    const answer = await this.#send(host, asking);
    const code = answer.headers['x-clickhouse-exception-code'];
    if (answer.statusCode === 200 && code === undefined) return answer;
    let text = '';
    answer.setEncoding('utf8');
    try {
      for await (const chunk of answer) if (text.length < 10_000) text += chunk;
    } catch (cause) {
      throw noAnswerOf(host, cause);
    }
    const said = /Code: (\d+)\./.exec(text)?.[1];
    const words = firstLines(text) || `HTTP status ${answer.statusCode}`;
    throw new ServerError(Number(code ?? said ?? 0), words);
  }

  close(): void {
    this.#agent.destroy();
  }

  #send(host: Host, asking: Asking, isAgain = false): Promise<http.IncomingMessage> {
    const { place } = this;
    const query = new URLSearchParams(asking.settings);
    const database = asking.database ?? place.database;
    if (database !== '') query.set('database', database);
    const body = asking.body ?? [];
    // A statement with rows stands in the address; alone it may be longer than an address.
    if (body.length > 0) query.set('query', asking.sql);
    const parts = body.length > 0 ? body : [Buffer.from(asking.sql)];
    const headers: http.OutgoingHttpHeaders = {
      // Basic authentication takes any letter, other than the server's own headers.
      Authorization: `Basic ${Buffer.from(`${place.user}:${place.password}`).toString('base64')}`,
      'Content-Length': parts.reduce((sum, part) => sum + part.length, 0),
    };
    if (asking.encoding !== undefined) headers['Content-Encoding'] = asking.encoding;
    const options: https.RequestOptions = {
      host: host.name,
      port: host.port,
      method: 'POST',
      path: `/?${query}`,
      headers,
      agent: this.#agent,
      timeout: asking.timeoutMs,
      ...(asking.signal === undefined ? {} : { signal: asking.signal }),
    };
    return new Promise((resolve, reject) => {
      const request = (place.isSecure ? https : http).request(options, resolve);
      request.on('timeout', () => request.destroy(new Error(`no answer for ${asking.timeoutMs / 1000} s`)));
      request.on('error', (cause) => {
        // The server has closed a connection that was kept for a while: that says nothing about the server.
        if (request.reusedSocket && !isAgain && (cause as NodeJS.ErrnoException).code === 'ECONNRESET')
          resolve(this.#send(host, asking, true));
        else reject(asking.signal?.aborted === true ? cause : new NoAnswer(host, cause));
      });
      for (const part of parts) request.write(part);
      request.end();
    });
  }
}

const noAnswerOf = (host: Host, cause: unknown): unknown =>
  cause instanceof ServerError || cause instanceof NoAnswer ? cause : new NoAnswer(host, cause);

function authorities({ authorities: path }: Place): { ca?: string } {
  if (path === '') return {};
  try {
    return { ca: readFileSync(path, 'utf8') };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Failure('BAD_OPTION', `bad ClickHouse URL: ca cannot be read: ${why}`, 'Name a PEM file.', cause);
  }
}
