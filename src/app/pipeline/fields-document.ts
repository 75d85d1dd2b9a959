// docs/51-fields.md, made from what protocols declare: `npm run docs` writes it, a test compares.

import { type Protocol, protocols } from '../../analysis/protocols/index.ts';
import { weird } from '../../analysis/talks/index.ts';

const head = `# Fields

<!-- Written by \`npm run docs\` from what each protocol declares. Do not edit. -->

What protocols tell, by protocol. **EVE** is where a value stands in a line of \`--eve\` (event type in the heading); what
Suricata has no field for stands under \`taplight\`. **Zeek** is the column of the log in the heading. **Filter** is
Wireshark's name where the field is the same. Times ending in \`Us\` are microseconds. Passwords, tokens, cookies and
communities are always \`***\`.

`;

const cell = (text: string): string => text.replaceAll('|', '\\|');

function section({ name, title, fields, eveType, zeekLog, ports, variants }: Protocol): string {
  const about = [
    `EVE \`${eveType ?? name}\``,
    ...(zeekLog === undefined ? [] : [`Zeek \`${zeekLog}.log\``]),
    ...(ports?.tcp?.length ? [`TCP ${ports.tcp.join(', ')}`] : []),
    ...(ports?.udp?.length ? [`UDP ${ports.udp.join(', ')}`] : []),
    ...(variants?.length ? [`named more exactly: ${variants.map((one) => `\`${one}\``).join(', ')}`] : []),
  ];
  const rows = Object.entries(fields).map(([field, { kind, title: what, eve, zeek, filter }]) => {
    const place = eve === false ? '' : `\`${eve ?? `taplight.${name}.${field}`}\``;
    const code = (text: string | undefined): string => (text === undefined ? '' : `\`${text}\``);
    return `| \`${field}\` | ${kind} | ${cell(what)} | ${place} | ${code(zeek)} | ${code(filter)} |`;
  });
  const table = ['| Field | Kind | What it is | EVE | Zeek | Filter |', '|---|---|---|---|---|---|', ...rows].join(
    '\n',
  );
  return `## ${name}: ${title}\n\n${about.join(' · ')}\n\n${table}\n`;
}

/** The page, with one section per protocol that tells something; the others are listed at its end. */
export function fieldsDocument(): string {
  const telling = [...protocols, weird].filter(({ fields }) => Object.keys(fields).length > 0);
  const silent = protocols.filter(({ fields }) => Object.keys(fields).length === 0);
  const sections = telling.map(section).join('\n');
  const names = silent.map(({ name, title }) => `- \`${name}\`: ${title}`).join('\n');
  return `${head}${sections}\n## Named only\n\n${names}\n`;
}
