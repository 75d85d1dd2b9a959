// What a screen needs of the process around it, handed in so that tests can play a terminal.

export type TerminalSignal = 'SIGWINCH' | 'SIGTSTP' | 'SIGCONT' | 'SIGINT' | 'SIGTERM' | 'SIGHUP';

export interface TerminalInput extends NodeJS.ReadableStream {
  setRawMode?(raw: boolean): unknown;
  ref?(): unknown;
  unref?(): unknown;
}

export interface TerminalOutput {
  write(data: string, done?: (error?: Error | null) => void): boolean;
  on(event: 'error', heard: (error: NodeJS.ErrnoException) => void): unknown;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
}

export interface TerminalPorts {
  readonly stdin: TerminalInput;
  readonly stdout: TerminalOutput;
  readonly environment: Readonly<Record<string, string | undefined>>;
  nowMs(): number;
  every(ms: number, tick: () => void): () => void;
  onSignal(name: TerminalSignal, heard: () => void): () => void;
  onExit(last: () => void): () => void;
}
