// docs/30-options.md, made from the table of options; `npm run docs` writes it, a test compares it.

import {
  comesFrom,
  configKey,
  environmentName,
  isKnownTo,
  type OptionSpec,
  optionGroups,
  optionRows,
} from './table.ts';

const opening = `# Options

<!-- Written by \`npm run docs\` from src/app/cli/options/table.ts. Change it there. -->

Every option can be given as a flag, in the environment, or in the configuration file. A flag wins over the environment,
the environment over the file, the file over what is built in.

The configuration file is TOML: \`$XDG_CONFIG_HOME/taplight/config.toml\`, else \`~/.config/taplight/config.toml\`, or the
file that \`--config\` names. Under sudo it is the file of the person who called sudo. A file that belongs to somebody
else, or that everyone may write, is refused.

\`\`\`toml
interface = "eth0"
threshold = 500
chart-every = "30s"
color = false
\`\`\`

Flags that take no value are \`yes\` or \`no\` in the environment and \`true\` or \`false\` in the file. \`TAPLIGHT_READ\` takes
several files, separated like \`PATH\`. Durations are written \`500ms\`, \`10s\`, \`5m\`, \`1h\`; sizes \`64k\`, \`100MB\`, \`1GiB\`.

Words after the options are a filter in the language of tcpdump (pcap-filter(7)). After \`-r\`, words are files for as long
as files of that name exist; \`--\` ends both options and files.
`;

/** The whole page. */
export function optionsDocument(): string {
  const parts = [opening];
  for (const [group, title] of Object.entries(optionGroups)) {
    parts.push(`\n## ${title}\n`);
    for (const [, spec] of optionRows) if (spec.group === group) parts.push(section(spec));
  }
  return parts.join('');
}

function section(spec: OptionSpec<unknown>): string {
  const facts = [
    spec.unset === '' ? null : `Default: ${spec.unset}.`,
    comesFrom(spec, 'environment') ? `Environment: \`${environmentName(spec)}\`.` : null,
    comesFrom(spec, 'config') ? `File: \`${configKey(spec)}\`.` : null,
    isKnownTo(spec, 'doctor') ? 'Also for `interfaces` and `doctor`.' : null,
  ];
  const sentence = `${spec.help[0].toUpperCase()}${spec.help.slice(1)}.`;
  const text = spec.more === undefined ? sentence : `${sentence} ${spec.more}`;
  return `\n### \`${spec.flags}\`\n\n${text}\n\n${facts.filter((fact) => fact !== null).join(' ')}\n`;
}
