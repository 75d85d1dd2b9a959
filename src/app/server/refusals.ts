// How things that did not work are told over HTTP, and read back from it.

import { Failure, type FailureCode, failureCodes } from '../../core/index.ts';

/** Refusals that are no Failures of the program: they end at this door. */
export const refusalCodes = {
  BAD_REQUEST: 400,
  LOGIN_NEEDED: 401,
  WRONG_PASSWORD: 401,
  WRONG_HOST: 403,
  WRONG_ORIGIN: 403,
  NOT_FOUND: 404,
  LENGTH_NEEDED: 411,
  BODY_TOO_LARGE: 413,
  WRONG_MEDIA_TYPE: 415,
  TOO_MANY_TRIES: 429,
  TOO_MANY_SCENES: 429,
  INTERNAL: 500,
} as const;
export type RefusalCode = keyof typeof refusalCodes;

/** The body of every answer that is none of 2xx and 3xx. */
export interface Problem {
  readonly code: FailureCode | RefusalCode;
  readonly message: string;
  readonly hint: string;
  /** Where in the text that was sent, in UTF-16 units. */
  readonly at?: number;
  readonly length?: number;
}

/** A request that is not answered. */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly hint: string;

  constructor(code: RefusalCode, message: string, hint: string) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
    this.hint = hint;
  }
}

/** HTTP statuses of Failures; 500 for those that are not here. */
const statuses: Partial<Record<FailureCode, number>> = {
  BAD_QUERY: 400,
  BAD_FILTER: 400,
  BAD_OPTION: 400,
  NO_SUCH_FILE: 404,
  NO_SUCH_STORE: 404,
  NO_SUCH_INTERFACE: 404,
  NO_PERMISSION: 403,
  UNKNOWN_FILE_FORMAT: 415,
  STORE_LOCKED: 409,
  QUERY_STOPPED: 504,
  STORE_FULL: 507,
  UNSUPPORTED: 501,
};

export interface ProblemAnswer {
  readonly status: number;
  readonly problem: Problem;
}

/** What to answer to something that was thrown. What is not expected tells nothing of the inside. */
export function problemOf(error: unknown): ProblemAnswer {
  if (error instanceof Refusal) {
    const { code, message, hint } = error;
    return { status: refusalCodes[code], problem: { code, message, hint } };
  }
  if (isFailure(error)) {
    const { code, message, hint, range } = error.toData();
    return { status: statuses[code] ?? 500, problem: { code, message, hint, ...range } };
  }
  const hint = 'The log of the program may say more; start it with TAPLIGHT_DEBUG=1.';
  return { status: 500, problem: { code: 'INTERNAL', message: 'something went wrong inside', hint } };
}

/** By its code: two copies of the class may be loaded. */
function isFailure(error: unknown): error is Failure {
  return error instanceof Error && error.name === 'Failure' && 'toData' in error;
}

/** The Failure that the other side of a connection told of. */
export function failureOf(problem: Problem): Failure {
  const { message, hint, at, length } = problem;
  const code = Object.hasOwn(failureCodes, problem.code) ? (problem.code as FailureCode) : null;
  const range = at === undefined || length === undefined ? undefined : { at, length };
  if (code !== null) return new Failure(code, message, hint, undefined, range);
  return new Failure(problem.code === 'INTERNAL' ? 'STORE_FAILED' : 'BAD_QUERY', message, hint);
}
