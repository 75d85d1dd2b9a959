// docs/56-identification.md, made from the comparison with nDPI: `TAPLIGHT_WRITE_DOCS=1 npx vitest run test/corpus/ndpi.test.ts`.

import { protocols } from '../../src/analysis/protocols/index.ts';
import type { Compared } from './ndpi-compare.ts';
import { oursOfNdpi } from './ndpi-names.ts';

export interface Row {
  /** As nDPI calls it. */
  readonly protocol: string;
  readonly flows: number;
  readonly same: number;
  readonly other: number;
  readonly unknown: number;
}

/** Rows of protocols that are in our list, by number of flows; flows that nDPI opens a tunnel for and we do not are left out. */
export function tableOf(all: readonly Compared[]): Row[] {
  const rows = new Map<string, { protocol: string; flows: number; same: number; other: number; unknown: number }>();
  for (const { flow, verdict } of all) {
    if (verdict !== 'same' && verdict !== 'other' && verdict !== 'unknown') continue;
    const row = rows.get(flow.master) ?? { protocol: flow.master, flows: 0, same: 0, other: 0, unknown: 0 };
    row.flows++;
    row[verdict]++;
    rows.set(flow.master, row);
  }
  return [...rows.values()].sort((a, b) => b.flows - a.flows || a.protocol.localeCompare(b.protocol));
}

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;

const line = ({ protocol, flows, same, other, unknown }: Row): string =>
  `| ${protocol} | ${oursOfNdpi(protocol).join(', ')} | ${flows} | ${same} | ${other} | ${unknown} |`;

export function identificationDocument(all: readonly Compared[]): string {
  const rows = tableOf(all);
  const sum = (key: 'flows' | 'same' | 'other' | 'unknown'): number => rows.reduce((total, row) => total + row[key], 0);
  const flows = sum('flows');
  return `# Identification

How a flow gets its name, and how often the name is the one that nDPI gives. This page is written by
\`TAPLIGHT_WRITE_DOCS=1 npx vitest run test/corpus/ndpi.test.ts\`.

## How it works

1. **Probes.** Every protocol of the list (${protocols.length} of them; \`src/analysis/protocols/index.ts\`) has a probe: a function that looks
   at the first bytes of a side and says no, maybe or yes. Those whose usual port is involved are asked first, then all
   in the order of the list. A probe that is content with little says yes only on a usual port; one that knows several
   fixed bytes and a length that fits says it anywhere. So protocols are found on ports that are not theirs.
2. **Talks.** Protocols that are read, not only named, may take their yes back while the first messages show that it is
   something else, and confirm it when the handshake fits. The sides are turned round when the server was taken for the
   client. A protocol may change into another (STARTTLS, CONNECT, SOCKS, WebSocket), and several may share a flow
   (STUN, DTLS and media: RFC 7983); a flow keeps up to three names.
3. **Server names.** The name of the server (SNI, Host) tells the service: \`src/analysis/servers\` lists domains.
4. **Ports.** A flow that nothing recognises gets the name of its server's port, if there is one, and says so.

\`app_how\` tells which of these it was, and with it how certain the name is: handshake (100), server name (95), pattern (85),
port (30).

A flow is looked at for its first 4 KiB or twelve payloads, and is left alone as soon as every probe has said no to both sides.

## Compared with nDPI

The captures are those of nDPI's own regression tests that are in the corpus, and the names those that its reader printed
for them. A flow counts when nDPI found its protocol in the bytes (not by port, address or a custom rule) and the protocol
is one that is known here. *Same* is a flow whose name, or one of its names, is that of nDPI; *other* has a different one;
*unknown* has none.

**${flows} flows: ${percent(sum('same'), flows)} the same, ${percent(sum('other'), flows)} another name, ${percent(sum('unknown'), flows)} without a name.**

| nDPI | here | flows | same | other | unknown |
|---|---|--:|--:|--:|--:|
${rows.map(line).join('\n')}

Where the two part on purpose, \`test/corpus/exceptions/ndpi.json\` gives the reason.
`;
}
