// What nDPI's reader printed of a capture: one flow a line, with the protocol's name and how it was found.

import { readFileSync } from 'node:fs';

export interface NdpiFlow {
  /** As printed: TCP, UDP, ICMP, or the number of an IP protocol. */
  readonly transport: string;
  readonly aIp: string;
  readonly aPort: number;
  readonly bIp: string;
  readonly bPort: number;
  /** The protocol: what stands before the dot. */
  readonly master: string;
  /** The application or service: what stands behind the dot, '' when nothing does. */
  readonly sub: string;
  /** DPI, Match by port, Match by IP, Unknown … */
  readonly confidence: string;
}

const line =
  /^\t\d+\t(\S+) (\S+):(\d+) <?-> (\S+):(\d+) .*?\[proto: (?:\w+:)?[\d.]+\/([^\]]+)\].*?\[Confidence: ([^\]]+)\]/gm;

const bare = (address: string): string => address.replace(/^\[|\]$/g, '');

/** @param path of the printed text */
export function readNdpi(path: string): NdpiFlow[] {
  return [...readFileSync(path, 'latin1').matchAll(line)].map((match) => {
    const [master, ...sub] = match[6].split('.');
    return {
      transport: match[1],
      aIp: bare(match[2]),
      aPort: Number(match[3]),
      bIp: bare(match[4]),
      bPort: Number(match[5]),
      master,
      sub: sub.join('.'),
      confidence: match[7],
    };
  });
}
