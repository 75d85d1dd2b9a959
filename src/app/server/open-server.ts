// The server on the network: loopback unless told otherwise, and then with a password.

import type { AddressInfo } from 'node:net';
import { Failure } from '../../core/index.ts';
import { hostCheck, isLoopback } from './access/hosts.ts';
import { password } from './access/password.ts';
import { sessions } from './access/sessions.ts';
import { buildApi } from './api.ts';
import { listen } from './listening.ts';
import type { ServerParts } from './parts.ts';

export interface ServerOptions {
  /** An address of this machine; `127.0.0.1` when nobody else is to reach it. */
  readonly address: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Needed off loopback. */
  readonly password: string | null;
  /** The token for programs; a new one when null. */
  readonly token: string | null;
  /** Names to answer to besides our own, for a proxy in front. */
  readonly allowHosts: readonly string[];
  /** A link was opened; `url` is the next one. */
  readonly linkUsed?: (url: string) => void;
  /** Hears of what nobody expected. */
  readonly fault?: (error: unknown) => void;
}

export interface OpenServer {
  readonly address: string;
  readonly port: number;
  /** With the token that opens one session. */
  link(): string;
  /** For `Authorization: Bearer`. */
  readonly token: string;
  close(): Promise<void>;
}

const least = { password: 8, token: 16 } as const;

/** Listens. Throws BAD_OPTION for what would not be safe, SERVE_FAILED where the address cannot be had. */
export async function openServer(parts: ServerParts, options: ServerOptions): Promise<OpenServer> {
  refuseUnsafe(options);
  const { address, allowHosts, linkUsed } = options;
  const own = sessions(options.token ?? undefined);
  const api = buildApi({
    parts,
    entry: {
      sessions: own,
      password: options.password === null ? null : password(options.password, () => performance.now()),
      linkUsed: () => linkUsed?.(link()),
      isOwnHost: hostCheck(address, allowHosts),
    },
    fault: options.fault ?? (() => {}),
  });
  const listening = await listen(api, { host: address, port: options.port }).catch((error) => {
    throw cannotListen(error, options);
  });
  const { port } = listening.server.address() as AddressInfo;
  const link = (): string => `http://${urlHost(address)}:${port}/?token=${own.link()}`;
  return { address, port, link, token: own.token, close: listening.close };
}

function refuseUnsafe({ address, password, token }: ServerOptions): void {
  if (!isLoopback(address) && password === null) {
    throw new Failure(
      'BAD_OPTION',
      `--listen ${address} lets others in, and there is no password`,
      'Set TAPLIGHT_PASSWORD (or --password), or leave --listen out and come in by ssh -L.',
    );
  }
  if (password !== null && password.length < least.password) {
    throw new Failure('BAD_OPTION', `a password has at least ${least.password} characters`, 'Choose a longer one.');
  }
  if (token !== null && !/^[\w.~+/=-]{16,}$/.test(token)) {
    const hint = '`openssl rand -hex 32` makes one.';
    throw new Failure('BAD_OPTION', `a token has at least ${least.token} letters, digits or .~+/=-_`, hint);
  }
}

/** What a person opens: an address that means all of them is reached by loopback from here. */
function urlHost(address: string): string {
  if (address === '0.0.0.0' || address === '::') return '127.0.0.1';
  return address.includes(':') ? `[${address}]` : address;
}

function cannotListen(error: NodeJS.ErrnoException, { address, port }: ServerOptions): Failure {
  const where = `${address}:${port}`;
  switch (error.code) {
    case 'EADDRINUSE':
      return new Failure('SERVE_FAILED', `${where} is taken by another program`, 'Choose another --port.', error);
    case 'EACCES':
      return new Failure('SERVE_FAILED', `no permission to listen on ${where}`, 'Choose a --port above 1023.', error);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new Failure('SERVE_FAILED', `this machine has no address ${address}`, 'Choose another --listen.', error);
    default:
      return new Failure('SERVE_FAILED', `cannot listen on ${where} (${error.code})`, 'Choose another --port.', error);
  }
}
