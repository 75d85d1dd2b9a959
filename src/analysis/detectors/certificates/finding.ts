// What the detectors of TLS sessions share: one alert for each server, of what was found in a session's event.

import type { AnyEvent, EventPlace, Severity } from '../../../core/index.ts';
import type { DetectorOptions, OptionValues, Surroundings, Watch } from '../detector.ts';
import { Repeats, repeatsTable } from '../repeats.ts';
import { clientOf, communityAt, counted, serverOf, toHost } from '../wording.ts';

/** Servers that one detector remembers. */
const servers = 1024;

/** Found in one session. */
export interface TlsFinding {
  /** Goes on from the server's name: `shows a certificate that ran out 3 days ago`. */
  readonly text: string;
  readonly severity: Severity;
  readonly observed: number;
  readonly threshold: number;
  readonly unit: string;
  readonly against?: string;
  /** Wireshark's words for what shows it; the server is put before. */
  readonly filter: string;
}

export type TlsLook<O extends DetectorOptions> = (
  event: AnyEvent,
  at: EventPlace,
  options: OptionValues<O>,
  isLocal: boolean,
) => TlsFinding | null;

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
export const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** Seconds since the epoch of `2018-04-14T20:55:27`, NaN when there is none. */
export const secondsOf = (value: unknown): number => Date.parse(`${textOf(value)}Z`) / 1000;

/** Names a server by its address and, where it was asked for by name, that. */
export function serverName(event: AnyEvent, at: EventPlace): string {
  const sni = textOf(event.sni);
  const server = `${serverOf(at)}:${at.sPort}`;
  return sni === '' ? server : `${server} (${sni.slice(0, 80)})`;
}

/**
 * Watches events of TLS sessions.
 * @param kinds events that are looked at
 */
export function watchTls<O extends DetectorOptions>(
  { options, now, network, table, raise }: Surroundings<O>,
  look: TlsLook<O>,
  kinds: readonly string[] = ['tls'],
): Watch {
  const seen = new Repeats(table(repeatsTable(servers)), now);
  const hear = (event: AnyEvent, at: EventPlace): void => {
    if (at.only === 'eve') return;
    const found = look(event, at, options, network.isLocal(at.ipVersion, at.s0, at.s1, at.s2, at.s3));
    if (found === null) return;
    const repeated = seen.server(at);
    if (repeated === null) return;
    const { count, firstUs, firstPacket } = repeated;
    const server = serverOf(at);
    const { text, filter, ...rest } = found;
    raise({
      ...rest,
      key: `${server}:${at.sPort}`,
      sources: [server],
      targets: [clientOf(at)],
      firstUs,
      firstPacket,
      count,
      explain: `${serverName(event, at)} ${text}; seen in ${counted(count, 'connection')}.`,
      flows: [communityAt(at)],
      filter: `${toHost(server).replace('.dst', '.addr')} && ${filter}`,
    });
  };
  return { events: Object.fromEntries(kinds.map((kind) => [kind, hear])) };
}

export const certificateFilter = 'tls.handshake.type == 11';
