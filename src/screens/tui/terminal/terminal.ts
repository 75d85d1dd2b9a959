// The terminal as a screen needs it, and given back as it was on every way out that can be noticed.

import type { TerminalPorts } from './ports.ts';

const enter = '\u001b[?1049h\u001b[?25l\u001b[?2004h';
const leave = '\u001b[0m\u001b[?2004l\u001b[?25h\u001b[?1049l';
/** What the Linux console shows stays there: it has no second screen. */
const leaveLinux = '\u001b[0m\u001b[2J\u001b[H\u001b[?25h';

export interface Terminal {
  /** Raw keys and a screen of its own. False where the terminal refuses. */
  enter(): boolean;
  /** Twice does no harm. */
  leave(): void;
  write(text: string): void;
  /** Written, but not yet taken by the terminal. */
  isBusy(): boolean;
  close(): void;
}

export interface TerminalNews {
  data(data: Buffer | string): void;
  /** It has gone away: nobody looks any more. */
  gone(): void;
}

export function openTerminal(ports: TerminalPorts, news: TerminalNews): Terminal {
  const { stdin, stdout } = ports;
  const isLinux = ports.environment.TERM === 'linux';
  let isEntered = false;
  let isGone = false;
  let untaken = 0;
  const gone = (): void => {
    if (!isGone) news.gone();
    isGone = true;
  };
  const write = (text: string): void => {
    if (isGone) return;
    untaken++;
    stdout.write(text, () => {
      untaken--;
    });
  };
  const give = (): void => {
    if (!isEntered) return;
    isEntered = false;
    write(isLinux ? leaveLinux : leave);
    try {
      stdin.setRawMode?.(false);
    } catch {
      // It has gone away; there is nothing to give back.
    }
  };
  stdout.on('error', gone);
  stdin.on('data', news.data);
  stdin.on('end', gone);
  stdin.on('error', gone);
  const offs = [ports.onExit(give)];
  // Before whoever tells of it: the line is to be seen on the terminal as it was.
  process.on('uncaughtExceptionMonitor', give);
  return {
    enter: () => {
      try {
        stdin.setRawMode?.(true);
      } catch {
        return false;
      }
      stdin.resume();
      isEntered = true;
      write(enter);
      return true;
    },
    leave: give,
    write,
    isBusy: () => untaken > 0,
    close: () => {
      give();
      stdin.off('data', news.data);
      stdin.off('end', gone);
      stdin.off('error', gone);
      stdin.pause();
      process.off('uncaughtExceptionMonitor', give);
      for (const off of offs) off();
    },
  };
}

/** Asks which background it has; most answer, some say nothing. */
export const askBackground = '\u001b]11;?\u0007';
