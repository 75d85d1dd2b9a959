// Operations fail with a code: what happened, why, what to do next. Bad bytes are not failures; see problems.ts.

/** How a process ends, by the kind of failure (product.md, command line). */
export const exitCodes = {
  ok: 0,
  failure: 1,
  usage: 2,
  permission: 3,
  noInterface: 4,
  damagedInput: 14,
  forced: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Every code an operation may fail with, and the exit code it leads to. Listed in docs/52-errors.md; never reused. */
export const failureCodes = {
  BAD_OPTION: exitCodes.usage,
  BAD_FILTER: exitCodes.usage,
  BAD_CONFIG: exitCodes.usage,
  NO_PERMISSION: exitCodes.permission,
  NO_SUCH_INTERFACE: exitCodes.noInterface,
  INTERFACE_DOWN: exitCodes.failure,
  CAPTURE_FAILED: exitCodes.failure,
  LIBRARY_MISSING: exitCodes.failure,
  NO_SUCH_FILE: exitCodes.failure,
  FILE_UNREADABLE: exitCodes.failure,
  UNKNOWN_FILE_FORMAT: exitCodes.damagedInput,
  FILE_DAMAGED: exitCodes.damagedInput,
  WRITE_FAILED: exitCodes.failure,
  // The reader of our standard output went away: the normal end of `… | head`, not an error.
  OUTPUT_CLOSED: exitCodes.ok,
  UNSUPPORTED: exitCodes.failure,
  BAD_DETECTOR: exitCodes.usage,
  // The store: what keeps history.
  BAD_QUERY: exitCodes.usage,
  QUERY_STOPPED: exitCodes.failure,
  NO_SUCH_STORE: exitCodes.failure,
  STORE_LOCKED: exitCodes.failure,
  STORE_FAILED: exitCodes.failure,
  STORE_FULL: exitCodes.failure,
  SERVE_FAILED: exitCodes.failure,
} as const satisfies Record<string, ExitCode>;

export type FailureCode = keyof typeof failureCodes;

/** Plain data form of a Failure, for crossing threads and for `--json` output. */
export interface FailureData {
  readonly code: FailureCode;
  readonly message: string;
  readonly hint: string;
  readonly range?: TextRange | undefined;
}

/** A part of what a user wrote, in UTF-16 units. */
export interface TextRange {
  readonly at: number;
  readonly length: number;
}

/**
 * An operation that could not be done. `message` says what happened and why in one line without a final stop,
 * `hint` is the next thing to do. Match on `code`, not on the class: two copies of the package can be loaded at once.
 */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly hint: string;
  /** Which part of what the user wrote is wrong, where that is known: BAD_FILTER of the filter language. */
  readonly range: TextRange | undefined;

  constructor(code: FailureCode, message: string, hint: string, cause?: unknown, range?: TextRange) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'Failure';
    this.code = code;
    this.hint = hint;
    this.range = range;
  }

  get exitCode(): ExitCode {
    return failureCodes[this.code];
  }

  toData(): FailureData {
    const { code, message, hint, range } = this;
    return { code, message, hint, ...(range === undefined ? {} : { range }) };
  }

  static fromData(data: FailureData): Failure {
    return new Failure(data.code, data.message, data.hint, undefined, data.range);
  }
}
