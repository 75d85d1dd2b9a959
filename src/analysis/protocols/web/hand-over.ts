// What one protocol of the web leaves for the next in the same flow: the request that asked for an upgrade.

import type { Conversation } from '../protocol.ts';

/** A request that was answered by 101 Switching Protocols. */
export interface UpgradeRequest {
  readonly timeUs: number;
  readonly method: string;
  readonly target: string;
  readonly host: string | undefined;
  readonly userAgent: string | undefined;
  /** Sec-WebSocket-Protocol and -Extensions as asked and as answered. */
  readonly askedProtocols: string | undefined;
  readonly askedExtensions: string | undefined;
  readonly protocol: string | undefined;
  readonly extensions: string | undefined;
}

/** Told apart from what else may be given to a protocol. */
export class Upgrade {
  readonly request: UpgradeRequest;

  constructor(request: UpgradeRequest) {
    this.request = request;
  }
}

/** What the protocol before left; null when this one was not asked for by an upgrade. */
export function givenUpgrade({ given }: Conversation): UpgradeRequest | null {
  return given instanceof Upgrade ? given.request : null;
}
