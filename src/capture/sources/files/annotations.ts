// What a capture file says beside its frames (pcapng §4: options, name resolution, secrets, statistics), kept for others.

/** One name that the capturing machine resolved. */
export interface ResolvedName {
  /** Address as it stands in the file: 4, 6, 8 or 16 bytes (IPv4, EUI-48, EUI-64, IPv6). */
  readonly address: Uint8Array;
  readonly names: readonly string[];
}

/** Key material (pcapng §4.7): `kind` is e.g. 0x544c534b for a TLS key log. */
export interface Secrets {
  readonly kind: number;
  readonly data: Uint8Array;
}

/** The last statistics block of one interface; null where it does not say. */
export interface InterfaceStatistics {
  readonly received: number | null;
  readonly droppedByInterface: number | null;
  readonly acceptedByFilter: number | null;
  readonly droppedBySystem: number | null;
  readonly delivered: number | null;
}

export interface SectionNote {
  readonly comments: readonly string[];
  readonly hardware: string | null;
  readonly os: string | null;
  readonly application: string | null;
}

export interface InterfaceNote {
  readonly comments: readonly string[];
  readonly filter: string | null;
  readonly os: string | null;
  readonly hardware: string | null;
}

/** What a packet's options say; packets are numbered from 1 in their own file. */
export interface PacketNote {
  readonly comments: readonly string[];
  /** epb_flags: direction, reception, link-layer errors; null when absent. */
  readonly flags: number | null;
  /** Packets lost between this one and the one before. */
  readonly droppedBefore: number | null;
}

/** Bounds, so that a file cannot fill the memory with remarks; what is beyond is counted in `left`. */
export const annotationLimits = { notes: 10_000, names: 65_536, secretBytes: 16 * 1024 * 1024 } as const;

/** What one file says. Grows while the file is read. Text is as the file has it: untrusted. */
export interface Annotations {
  /** Path of the file, or `-`. */
  readonly file: string;
  readonly sections: SectionNote[];
  /** By index into the reader's own `interfaces`. */
  readonly interfaces: InterfaceNote[];
  readonly statistics: Map<number, InterfaceStatistics>;
  readonly names: ResolvedName[];
  readonly secrets: Secrets[];
  /** Comments and losses by packet number. Flags alone make no entry. */
  readonly packets: Map<number, PacketNote>;
  /** Entries that found no room within {@link annotationLimits}. */
  left: number;
  secretBytes: number;
}

export function emptyAnnotations(file: string): Annotations {
  return {
    file,
    sections: [],
    interfaces: [],
    statistics: new Map(),
    names: [],
    secrets: [],
    packets: new Map(),
    left: 0,
    secretBytes: 0,
  };
}
