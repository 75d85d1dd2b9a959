// Proves that a tap is shown what it needs to open a connection, in order, and that what it gives back is read like the rest.

import { describe, expect, it } from 'vitest';
import type { KeyLog } from '../../../core/index.ts';
import { converse } from '../golden/converse.ts';
import {
  bytes,
  certificates,
  clientHello,
  ecCertificate,
  message,
  record,
  sealed,
  serverHello,
  sni,
  versions,
} from './golden/messages.ts';
import type { RecordTap } from './record-tap.ts';
import { tlsWith } from './tls.ts';
import { x509 } from './x509/x509.ts';

const offer = (...more: Parameters<typeof clientHello>): number[] => record(22, message(1, clientHello(...more)));

describe('decryption', () => {
  const keys: KeyLog = { isEmpty: false, secret: () => null };

  it('is shown hellos and every record in order, and gives back what it opened', () => {
    const seen: string[] = [];
    const opened = tlsWith(
      (_conversation, give): RecordTap => ({
        isOver: false,
        hello: (client, random) => seen.push(`hello ${client.sni} ${random.slice(0, 4)}`),
        serverHello: (version, suite) => seen.push(`server ${version} ${suite}`),
        record: (side, type, _bytes, at, end) => {
          seen.push(`${side} ${type} ${end - at}`);
          if (type === 23 && side === 1) {
            const chain = bytes([0, 0, ...certificates(ecCertificate)]);
            give(1, 8, bytes([0, 9, 0, 16, 0, 5, 0, 3, 2, 104, 50]), 0, 11);
            // TLS 1.3: an empty context, and extensions after each certificate.
            chain.copyWithin(0, 1);
            give(1, 11, Uint8Array.from([...chain.subarray(0, chain.length - 1), 0, 0]), 0, chain.length + 1);
          }
        },
        gap: () => seen.push('gap'),
        end: () => seen.push('end'),
      }),
    );
    const heard = converse(
      [opened, x509],
      [
        { side: 0, bytes: bytes(offer({ extensions: [sni('a.test'), versions(0x0304)] })) },
        { side: 1, bytes: bytes(record(22, message(2, serverHello({ extensions: [[43, [3, 4]]] }))), sealed(50)) },
        { side: 0, bytes: bytes(sealed(30)) },
        { side: 1, bytes: bytes(sealed(60)) },
      ],
      { keys },
    );
    expect(seen[0]).toBe('hello a.test c1c1');
    expect(seen[1]).toMatch(/^0 22 /);
    expect(seen[2]).toBe('server 772 49199');
    expect(seen.slice(4)).toEqual(['1 23 50', '0 23 30', '1 23 60', 'end']);
    expect(heard.events()[0]).toMatchObject({ established: true, nextProtocol: 'h2', serial: '00:97:E6' });
  });
});
