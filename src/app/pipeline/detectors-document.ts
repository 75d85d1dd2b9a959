// docs/58-detectors.md, made from what detectors declare: `npm run docs` writes it, a test compares.

import { detectorList, type ListedDetector } from './detection/detector-list.ts';

const head = `# Detectors

<!-- Written by \`npm run docs\` from what each detector declares. Do not edit. -->

What is looked for, with what is needed to judge an alert: why it matters, what harmless thing it could be, where to look
next, and every limit with its unit. A limit is set with \`--detect NAME.OPTION=NUMBER\`, or in the configuration file:

\`\`\`toml
[detectors."scan.vertical"]
ports = 20

[[exceptions]]
who = "10.0.0.5"
what = "scan.*"
why = "our vulnerability scanner"
\`\`\`

All detectors together keep 64 MiB at the most (\`--detect-memory\`). They work on packet time: the same capture gives the
same alerts, live and offline, with one thread or several.

`;

const cell = (text: string): string => text.replaceAll('|', '\\|');

function section({ name, title, severity, mitre, meaning, benign, next, options, isOptional }: ListedDetector): string {
  const facts = [
    `severity ${severity}`,
    ...(mitre === null ? [] : [`ATT&CK ${mitre}`]),
    ...(isOptional ? ['off unless turned on'] : []),
  ];
  const rows = Object.entries(options).map(
    ([option, { fallback, unit, title: about }]) => `| \`${option}\` | ${fallback} | ${unit} | ${cell(about)} |`,
  );
  const table = rows.length === 0 ? [] : ['', '| Option | Default | Unit | |', '|---|---|---|---|', ...rows];
  const words = `${meaning} *May be harmless:* ${benign} *Next:* ${next}`;
  return [`### \`${name}\`: ${title}`, '', `${facts.join(' · ')}. ${words}`, ...table, ''].join('\n');
}

/** The page, by group. */
export function detectorsDocument(): string {
  const groups = new Map<string, ListedDetector[]>();
  for (const detector of detectorList) {
    const group = detector.name.split('.')[0];
    groups.set(group, [...(groups.get(group) ?? []), detector]);
  }
  const parts = [...groups].map(([group, list]) => `## ${group}\n\n${list.map(section).join('\n')}`);
  return `${head}${parts.join('\n')}`;
}
