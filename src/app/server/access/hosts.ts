// Which names a server answers to. A page of somebody else can make its own name point here (DNS rebinding), but it cannot
// choose the Host header: so names that are not ours are refused.

import { isIP } from 'node:net';
import { hostname } from 'node:os';

/** Name of a Host header or of an origin, without port and brackets, lower case; null where it is none. */
export function hostName(header: string): string | null {
  const found = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/i.exec(header);
  return (found?.[1] ?? found?.[2])?.toLowerCase().replace(/\.$/, '') ?? null;
}

/** Whether an address is reached from this machine only. */
export function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || (isIP(address) === 4 && address.startsWith('127.'));
}

/**
 * Names to answer to when listening on this address: loopback on loopback; elsewhere any address (a page cannot be bound
 * to one that is not its own) and the name of this machine. `others` are names given by the user, for proxies.
 */
export function hostCheck(listen: string, others: readonly string[]): (header: string | undefined) => boolean {
  const own = hostname().toLowerCase();
  const names = new Set([...others.map((name) => name.toLowerCase()), 'localhost']);
  const isOpen = !isLoopback(listen);
  if (isOpen) names.add(own).add(`${own}.local`).add(own.replace(/\..*/, ''));
  return (header) => {
    const name = header === undefined ? null : hostName(header);
    if (name === null) return false;
    return names.has(name) || (isOpen ? isIP(name) !== 0 : isLoopback(name));
  };
}

/** Whether a request comes from a page of this server, or from no page at all. */
export function isOwnOrigin(origin: string | undefined, host: string | undefined, site: string | undefined): boolean {
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  if (origin === undefined) return true;
  return origin === `http://${host}` || origin === `https://${host}`;
}
