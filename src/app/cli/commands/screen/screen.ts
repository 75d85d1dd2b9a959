// The screen from the first question to the end: where to listen, what permission is missing, one scene after another.

import { spawn } from 'node:child_process';
import { type ExitCode, exitCodes, Failure } from '../../../../core/index.ts';
import type { Started, Surface } from '../../../../screens/tui/index.ts';
import { watchInterfaces } from '../../console/index.ts';
import type { Host, SignalName } from '../../host.ts';
import { type HostBehind, hostBehind } from '../../host-behind.ts';
import type { Arguments, ReadSettings } from '../../options/index.ts';
import type { Rooms } from '../../rooms.ts';
import { askedInput } from '../capturing/capture-plan.ts';
import type { Doors } from './on-screen.ts';
import { pickerRows } from './screen-words.ts';
import { type Asked, beginRun, lacksPermission, type ShownRun } from './shown-run.ts';
import { showStore } from './shown-store.ts';

type Next = { readonly next: 'ask' } | { readonly next: 'run'; readonly asked: Asked } | { readonly next: 'store' };
/** What follows, or the exit code. */
type Outcome = Next | ExitCode;

const againMs = 2000;

export class Session {
  readonly #surface: Surface;
  readonly #doors: Doors;
  readonly #read: ReadSettings;
  readonly #given: Arguments;
  readonly #host: Host;
  readonly #held: HostBehind;
  readonly #rooms: Rooms;
  readonly #look: ReturnType<typeof watchInterfaces>;
  /** A signal, or the terminal has gone. */
  readonly #stopped: Promise<void>;
  #deaf: () => void = () => {};
  /** Whether somebody chose on the screen: then what fails is told there. */
  #isAsking = false;
  #trouble = '';

  constructor(surface: Surface, doors: Doors, read: ReadSettings, given: Arguments, host: Host, rooms: Rooms) {
    this.#surface = surface;
    this.#doors = doors;
    this.#read = read;
    this.#given = given;
    this.#host = host;
    this.#held = hostBehind(host, { output: 'waits', isAlone: false });
    this.#rooms = rooms;
    this.#look = watchInterfaces(rooms.listInterfaces, host.nowMs);
    this.#stopped = Promise.race([this.#signalled(), surface.gone]);
  }

  #signalled(): Promise<void> {
    const names: readonly SignalName[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    return new Promise((resolve) => {
      const offs = names.map((name) => this.#host.onSignal(name, resolve));
      this.#deaf = () => {
        for (const off of offs) off();
      };
    });
  }

  async run(name: 'capture' | 'demo'): Promise<ExitCode> {
    try {
      let outcome: Outcome = this.#first(name);
      while (typeof outcome !== 'number') outcome = await this.#step(outcome);
      return outcome;
    } finally {
      this.#close();
    }
  }

  #close(): void {
    this.#deaf();
    this.#surface.close();
    this.#held.release();
  }

  #first(name: 'capture' | 'demo'): Next {
    const { settings, origin } = this.#read;
    if (name === 'demo') return { next: 'run', asked: this.#demo() };
    if (askedInput(settings, origin) !== null) return { next: 'run', asked: this.#asked(this.#read) };
    return origin.tui === 'flag' && settings.store !== null ? { next: 'store' } : { next: 'ask' };
  }

  #step(step: Next): Promise<Outcome> {
    if (step.next === 'ask') return this.#ask();
    if (step.next === 'store') return showStore(this.#read, this.#surface, this.#held, this.#rooms, this.#stopped);
    return this.#show(step.asked);
  }

  #asked(read: ReadSettings): Asked {
    return { command: this.#doors.capture, kind: 'capture', read, given: this.#given };
  }

  #demo(): Asked {
    return { command: this.#doors.demo, kind: 'demo', read: this.#read, given: { ...this.#given, words: [] } };
  }

  /** The settings with another input. */
  #with(input: { readonly interface: string | null; readonly read: readonly string[] }): Asked {
    const { settings, origin } = this.#read;
    const read = {
      ...this.#read,
      settings: { ...settings, ...input },
      origin: { ...origin, interface: 'flag' as const },
    };
    return this.#asked(read);
  }

  async #ask(): Promise<Outcome> {
    this.#isAsking = true;
    const { StartPage } = await this.#rooms.loadScreen();
    const look = () => pickerRows(this.#look());
    const page = new StartPage({ look, card: null, trouble: this.#trouble }, this.#surface);
    this.#trouble = '';
    this.#surface.show(page);
    const answer = await Promise.race([page.answered, this.#stopped]);
    return answer === undefined ? exitCodes.ok : this.#answered(answer);
  }

  async #answered(answer: Started): Promise<Outcome> {
    switch (answer.is) {
      case 'quit':
        return answer.code;
      case 'interface':
        return { next: 'run', asked: this.#with({ interface: answer.name, read: [] }) };
      case 'file':
        return { next: 'run', asked: await this.#file(answer.path) };
      case 'demo':
        return { next: 'run', asked: this.#demo() };
      case 'browser':
        this.#close();
        return this.#browse();
    }
  }

  /** In the browser; `q` ends it here, too. */
  async #browse(): Promise<ExitCode> {
    const host = hostBehind(this.#host, { output: 'shown', isAlone: false });
    const { stdin } = host;
    const hear = (keys: Buffer | string): void => {
      // In raw mode the terminal sends no signal of its own.
      if (/[qQ\u0003]/.test(String(keys))) host.signal('SIGINT');
    };
    stdin.setRawMode?.(true);
    stdin.on('data', hear);
    stdin.resume();
    const deaf = host.onExit(() => stdin.setRawMode?.(false));
    try {
      return await this.#doors.serve(this.#read, this.#given, host, this.#rooms);
    } finally {
      deaf();
      stdin.setRawMode?.(false);
      stdin.off('data', hear);
      stdin.pause();
    }
  }

  async #file(path: string): Promise<Asked> {
    const { spelledOut } = await this.#rooms.loadScreen();
    return this.#with({ interface: null, read: [spelledOut(path)] });
  }

  /** One scene, until it is left. */
  async #show(asked: Asked): Promise<Outcome> {
    const shown = await beginRun(asked, this.#surface, this.#held, this.#rooms);
    this.#surface.show(shown.shell);
    return this.#watch(asked, shown);
  }

  async #watch(asked: Asked, shown: ShownRun): Promise<Outcome> {
    const left = Promise.race([shown.shell.ended, this.#stopped]);
    try {
      // A capture that came to its end stays to be looked at.
      const end = await Promise.race([left, shown.code.then(() => left)]);
      if (end?.is === 'file') {
        await shown.end();
        this.#isAsking = true;
        return { next: 'run', asked: await this.#file(end.path) };
      }
      this.#close();
      return await shown.end();
    } catch (error) {
      shown.shell.close();
      if (!(error instanceof Failure)) throw error;
      const name = asked.read.settings.interface;
      if (lacksPermission(error) && asked.kind === 'capture' && name !== null) return this.#permit(asked, name, error);
      if (!this.#isAsking) throw error;
      this.#trouble = `${error.message}. ${error.hint}`;
      return { next: 'ask' };
    }
  }

  /** The card; goes on by itself when capturing is allowed. */
  async #permit(asked: Asked, name: string, failure: Failure): Promise<Outcome> {
    const { StartPage } = await this.#rooms.loadScreen();
    const card = { message: `${failure.message}.`, interfaceName: name, ways: this.#rooms.permissionAdvice(name) };
    const page = new StartPage({ look: () => [], card, trouble: '' }, this.#surface);
    this.#surface.show(page);
    const stopped = this.#stopped.then(() => ({ is: 'quit', code: exitCodes.permission }) as const);
    for (;;) {
      const pause = new Promise<null>((resolve) => setTimeout(resolve, againMs, null));
      const answer = await Promise.race([page.answered, stopped, pause]);
      if (answer !== null) return this.#left(answer);
      if (page.isBusy()) continue;
      const next = await this.#again(asked, name);
      if (next !== null) return next;
    }
  }

  /** Not allowed and not wanted any more ends as it would have without a screen. */
  #left(answer: Started | { readonly is: 'quit'; readonly code: ExitCode }): Promise<Outcome> | Outcome {
    if (answer.is === 'quit') return answer.code === exitCodes.ok ? exitCodes.permission : answer.code;
    this.#isAsking = true;
    return this.#answered(answer);
  }

  /** Tries once more; null: still not allowed. */
  async #again(asked: Asked, name: string): Promise<Outcome | null> {
    if (process.platform === 'linux') {
      const node = await this.#rooms.ableNode();
      return node === null ? null : this.#handOver(node, name);
    }
    const shown = await beginRun(asked, this.#surface, this.#held, this.#rooms);
    try {
      await Promise.race([shown.opened, shown.code]);
    } catch (error) {
      shown.shell.close();
      if (lacksPermission(error)) return null;
      throw error;
    }
    this.#surface.show(shown.shell);
    return this.#watch(asked, shown);
  }

  /** The same command line in a node that may capture, with this terminal; gives its exit code. */
  #handOver(node: string, name: string): Promise<ExitCode> {
    this.#close();
    const named = this.#read.settings.interface === null ? ['-i', name] : [];
    const words = [process.argv[1], ...named, ...this.#host.argv];
    return new Promise((resolve, reject) => {
      const child = spawn(node, words, { stdio: 'inherit' });
      child.on('error', (cause) =>
        reject(
          new Failure('CAPTURE_FAILED', `${node} does not start`, 'Make the copy anew; see `taplight doctor`.', cause),
        ),
      );
      // What it exits with is one of ours.
      child.on('exit', (code) => resolve((code ?? exitCodes.failure) as ExitCode));
    });
  }
}
