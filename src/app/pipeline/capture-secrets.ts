// TLS secrets for decryption: of the file that was named, and of those that capture files carry (pcapng §4.7).

import type { Annotations } from '../../capture/sources/index.ts';
import type { Source } from '../../core/index.ts';
import { NodeKeyLog, tlsKeyLogKind } from '../machine/index.ts';

export class CaptureSecrets {
  readonly keys: NodeKeyLog;
  readonly #source: { readonly annotations?: readonly Annotations[] };
  /** Secrets already taken, by file. */
  readonly #taken = new Map<Annotations, number>();

  /** @throws Failure when the key log cannot be read */
  constructor(source: Source, path: string | null) {
    this.keys = new NodeKeyLog({ path });
    // Only sources that read files have remarks.
    this.#source = source as { readonly annotations?: readonly Annotations[] };
  }

  /** Takes what the source has come upon; to be called after each read, so that packets find the secrets before them. */
  look(): void {
    const { annotations } = this.#source;
    if (annotations === undefined) return;
    for (const one of annotations) {
      const before = this.#taken.get(one) ?? 0;
      if (one.secrets.length === before) continue;
      for (const { kind, data } of one.secrets.slice(before)) if (kind === tlsKeyLogKind) this.keys.add(data);
      this.#taken.set(one, one.secrets.length);
    }
  }
}
