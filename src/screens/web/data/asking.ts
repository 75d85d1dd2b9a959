// Requests to the server that served this page, and what its refusals mean.

import { Failure, type FailureCode } from '../../../core/index.ts';

export const apiBase = '/api/v1';

/** The session is over, or there never was one: a new link has to be opened. */
export class SessionOver extends Error {
  constructor() {
    super('this session is over');
    this.name = 'SessionOver';
  }
}

/** The server does not answer. */
export class ServerGone extends Error {
  constructor(cause?: unknown) {
    super('the server does not answer', { cause });
    this.name = 'ServerGone';
  }
}

interface Problem {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly at?: number;
  readonly length?: number;
}

/** Rejects with SessionOver, ServerGone or the Failure that the server tells of. */
export async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(`${apiBase}${path}`, { credentials: 'same-origin', ...init });
  } catch (error) {
    if (init.signal?.aborted === true) throw error;
    throw new ServerGone(error);
  }
  if (answer.ok) return answer;
  if (answer.status === 401) throw new SessionOver();
  throw failureOf(await problemIn(answer));
}

export async function askJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await ask(path, signal === undefined ? {} : { signal })).json() as Promise<T>;
}

export async function post<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  const headers = { 'Content-Type': 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify(body), ...(signal === undefined ? {} : { signal }) };
  const answer = await ask(path, init);
  return (answer.status === 204 ? undefined : answer.json()) as Promise<T>;
}

/** A path with what is not undefined behind it. */
export function withQuery(path: string, query: Readonly<Record<string, string | number | undefined>>): string {
  const text = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) text.set(name, String(value));
  return text.size === 0 ? path : `${path}?${text}`;
}

async function problemIn(answer: Response): Promise<Problem> {
  try {
    return (await answer.json()) as Problem;
  } catch {
    return { code: 'INTERNAL', message: `the server answered ${answer.status}`, hint: 'Try again.' };
  }
}

function failureOf({ code, message, hint, at, length }: Problem): Failure {
  const range = at === undefined || length === undefined ? undefined : { at, length };
  return new Failure(code as FailureCode, message, hint, undefined, range);
}
