// What is known of an interface without listening on it.

/** What carries the frames. `all` is the `any` device. */
export type LinkKind = 'wired' | 'Wi-Fi' | 'bridge' | 'tunnel' | 'mobile' | 'virtual' | 'loopback' | 'all';

export interface InterfaceAddress {
  readonly address: string;
  readonly prefixLength: number;
}

export interface InterfaceInfo {
  /** Number to choose it by, from 1. */
  readonly index: number;
  readonly name: string;
  readonly addresses: readonly InterfaceAddress[];
  /** Hardware address with colons; null where it has none. */
  readonly mac: string | null;
  readonly kind: LinkKind;
  /** Switched on by the administrator. */
  readonly isUp: boolean;
  /** Able to carry frames now. */
  readonly isRunning: boolean;
  /** A cable or a radio link is there. */
  readonly isConnected: boolean;
  /** Bytes; 0 when unknown. */
  readonly mtu: number;
  /** Bits per second; null when unknown. */
  readonly speedBps: number | null;
  /** A few words; empty when there is nothing to say. */
  readonly description: string;
  readonly isDefaultRoute: boolean;
  /** Totals since the device exists; null where the system does not tell. */
  readonly counters: {
    readonly rxBytes: number;
    readonly txBytes: number;
    readonly rxPackets: number;
    readonly txPackets: number;
  } | null;
}
