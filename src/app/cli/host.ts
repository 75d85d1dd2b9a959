// What surrounds one run of the program: words, environment, streams, clock and signals, handed in so that tests can
// play all of them.

export interface OutputStream {
  write(data: string | Uint8Array, done?: (error?: Error | null) => void): boolean;
  on(event: 'error', heard: (error: NodeJS.ErrnoException) => void): unknown;
  readonly isTTY?: boolean | undefined;
  /** Absent where it is no terminal, 0 where the terminal does not know its size. */
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
}

export interface InputStream extends NodeJS.ReadableStream {
  readonly isTTY?: boolean | undefined;
  setRawMode?(raw: boolean): unknown;
  unref?(): unknown;
}

export type SignalName = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGUSR1' | 'SIGINFO' | 'SIGWINCH' | 'SIGTSTP' | 'SIGCONT';

/** Who runs the program. Numbers are null where the system has no numeric users. */
export interface HostUser {
  readonly uid: number | null;
  readonly home: string;
  /** The person who called sudo, when root was reached that way. */
  readonly sudo: { readonly uid: number; readonly gid: number; readonly home: string } | null;
}

export interface Host {
  /** Words after the program's name. */
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  /** Path of the capture that comes with the program, for `demo`. */
  readonly storyFile: string;
  /** Folder of the dashboard's files. */
  readonly webFolder: string;
  readonly listSeparator: string;
  readonly user: HostUser;
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Milliseconds of a clock that never goes back. */
  nowMs(): number;
  /** Calls `tick` again and again until the returned function is called. */
  every(ms: number, tick: () => void): () => void;
  /** Hears a signal until the returned function is called. */
  onSignal(name: SignalName, heard: () => void): () => void;
  /** Calls `last` when the process ends in any way it can still notice, until the returned function is called. */
  onExit(last: () => void): () => void;
  /** Ends the process at once. */
  exit(code: number): void;
}
