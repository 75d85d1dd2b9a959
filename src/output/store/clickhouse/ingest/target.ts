// Which server takes the rows of a sensor: always the same shard, so that a batch that is sent again meets the one that
// remembers it.

import { createHash } from 'node:crypto';
import { Failure } from '../../../../core/index.ts';
import { type Connections, NoAnswer } from '../server/http.ts';
import { type Host, hostName } from '../server/url.ts';

const timeoutMs = 10_000;

/** A number from 0 to `count` - 1 that goes by the text only, even with few texts. */
export function shareOf(text: string, count: number): number {
  return createHash('sha256').update(text).digest().readUInt32LE(0) % count;
}

/**
 * Without replicas each host of the URL is a shard, and `shard` a number from 1. With replicas each host says which shard
 * it belongs to (macro `shard`), and any host of the shard will do.
 */
export class Target {
  readonly #connections: Connections;
  readonly #sensor: string;
  #shards: ReadonlyMap<string, readonly Host[]> | null = null;

  constructor(connections: Connections, sensor: string) {
    this.#connections = connections;
    this.#sensor = sensor;
  }

  /** Throws NoAnswer, ServerError; STORE_FAILED where the URL names a shard that is not there. */
  async host(): Promise<Host> {
    const { hosts, shard, isReplicated } = this.#connections.place;
    if (isReplicated) return this.#replica();
    const at = shard === '' ? shareOf(this.#sensor, hosts.length) : Number(shard) - 1;
    return (
      hosts[at] ??
      this.#unknown(
        shard,
        hosts.map((_, i) => String(i + 1)),
      )
    );
  }

  async #replica(): Promise<Host> {
    this.#shards ??= await this.#askShards();
    const names = [...this.#shards.keys()].sort();
    const name = this.#connections.place.shard || names[shareOf(this.#sensor, names.length)];
    let last: unknown;
    for (const host of this.#shards.get(name) ?? [this.#unknown(name, names)]) {
      try {
        await this.#connections.ask(host, { sql: 'SELECT 1', timeoutMs, database: '' });
        return host;
      } catch (cause) {
        if (!(cause instanceof NoAnswer)) throw cause;
        last = cause;
      }
    }
    throw last;
  }

  /** All hosts have to answer once: a shard that is chosen while others are not known would be the wrong one. */
  async #askShards(): Promise<ReadonlyMap<string, readonly Host[]>> {
    const shards = new Map<string, Host[]>();
    for (const host of this.#connections.place.hosts) {
      const sql = "SELECT getMacro('shard')";
      const name = (await this.#connections.ask(host, { sql, timeoutMs, database: '' })).trim();
      shards.set(name, [...(shards.get(name) ?? []), host]);
    }
    return shards;
  }

  #unknown(shard: string, there: readonly string[]): never {
    const { hosts } = this.#connections.place;
    const hint = `There are ${there.join(', ')}; see docs/72-fleet.md.`;
    throw new Failure('STORE_FAILED', `${hosts.map(hostName).join(', ')}: there is no shard '${shard}'`, hint);
  }
}
