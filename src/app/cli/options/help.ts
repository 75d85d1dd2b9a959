// Help texts, short for -h and long for --help, made from the table of options.

import { wrap } from '../../../screens/present/index.ts';
import { askingUsage } from './store/asking-usage.ts';
import { type CommandName, isKnownTo, type OptionSpec, optionGroups, optionRows } from './table.ts';

/** Column where the explanations begin, and where lines end at the latest. */
const textColumn = 30;
const lastColumn = 96;

const usage: Record<CommandName, string> = {
  ...askingUsage,
  capture: `Usage: taplight                          pick an interface, then watch it
       taplight -i IFACE | -r FILE… [options] [filter …]
       taplight serve | report | demo | doctor   browser | one page | made-up network | this machine
       taplight alerts | explain ID | except | detectors    what is suspicious, and why
       taplight flows | hosts | dns | top | series | query | diff    ask what --store kept
`,
  demo: `Usage: taplight demo [--speed N|max] [options] [filter …]

Plays a capture that comes with the program as if it were live: five minutes of a small office network, in half a
minute. All of it is made up. Needs no privilege; Ctrl+C ends it. docs/02-demo.md tells the story.
`,
  interfaces:
    'Usage: taplight interfaces [--json]\n\nLists names, addresses, link, state and rates. Needs no privilege.\n',
  doctor: `Usage: taplight doctor [--json]

Says what this machine allows a capture to do, and the exact command for what it does not.
`,
  alerts: `Usage: taplight alerts [-r FILE…] [--severity LEAST] [--json]
       taplight alerts [--store PLACE] ["FILTER"] [--from TIME] [--to TIME] [--severity LEAST] [--json]

Lists the alerts of these files, of a store (the default one where there is one), or of past runs with the hosts most
at risk.
`,
  explain: `Usage: taplight explain ID [-r FILE…] [--json]

Says of one alert what was seen, why it matters, what harmless thing it could be, and where to look next.
`,
  except: `Usage: taplight except                                     list, with how often each was met
       taplight except WHO WHAT [--until DATE] --why REASON
       taplight except remove N

WHO is an address, a network, a MAC address, a name (*.example.com), or *; WHAT is a detector, a group (scan.*), or *.
`,
  detectors: `Usage: taplight detectors [NAME] [--json]

Lists what is looked for, with severity, ATT&CK technique, options and defaults.
`,
  'test-detector': `Usage: taplight test-detector MODULE FILE… [--json]

Runs a detector of your own over capture files: its alerts, what it keeps, and whether it survives hostile input.
`,
  serve: `Usage: taplight serve [-i IFACE | -r FILE… | --demo] [--store PLACE] [options] [filter …]

The dashboard in the browser, and an HTTP API for programs: a capture while it goes on, files, and all that was kept.
Without -i, -r and --store the browser asks what to look at. The link that is printed opens one session.
`,
};

const examples = `
Examples:
  taplight -i eth0                           watch one interface until Ctrl+C
  taplight -i any --print port 53            a line per packet of DNS
  taplight -r trace.pcap                     what does this capture contain?
  taplight -r day1.pcap.gz day2.pcap.gz net 10.0.0.0/8
  taplight serve -i eth0 --store default     the dashboard, with history
  taplight -r trace.pcap --summary json > summary.json
  taplight -i eth0 --eve eve.json -w ring.pcapng --rotate-size 100MB --rotate-files 10
  ssh router tcpdump -U -w - | taplight -i - --threshold 500

The filter is written as for tcpdump (pcap-filter(7)); quote it where the shell would read it.
Every option can be set in the environment (--chart-every: TAPLIGHT_CHART_EVERY) and in
~/.config/taplight/config.toml (chart-every = "30s"). A flag wins over the environment,
the environment over the file.

Exit codes: 0 ok · 1 failure · 2 wrong usage · 3 no permission · 4 no such interface ·
            14 the input is damaged (results up to there are shown) · 130 forced by a second Ctrl+C
`;

/** A screenful: usage and the options most people need. */
export function shortHelp(command: CommandName): string {
  if (command !== 'capture') return longHelp(command);
  const lines = optionRows
    .filter(([, spec]) => spec.common === true && isKnownTo(spec, command))
    .map(([, spec]) => optionLine(spec, command));
  return `${usage.capture}\n${lines.join('\n')}\n\nAll options and examples: taplight --help\n`;
}

/** Everything, in groups, with examples. */
export function longHelp(command: CommandName): string {
  const parts = [usage[command]];
  for (const [group, title] of Object.entries(optionGroups)) {
    const rows = optionRows.filter(([, spec]) => spec.group === group);
    const lines = rows.filter(([, spec]) => isKnownTo(spec, command)).map(([, spec]) => optionLine(spec, command));
    if (lines.length > 0) parts.push(`\n${title}:\n${lines.join('\n')}\n`);
  }
  parts.push(`\nHelp:\n${helpLines.join('\n')}\n`);
  if (command === 'capture') parts.push(examples);
  return parts.join('');
}

const helpLines = [
  line('  -h', 'the most needed options'),
  line('      --help', 'this text'),
  line('  -V, --version', 'the version'),
];

function optionLine(spec: OptionSpec<unknown>, command: CommandName): string {
  const flags = spec.flags.startsWith('--') ? `      ${spec.flags}` : `  ${spec.flags}`;
  const help = ['capture', 'demo', 'serve'].includes(command) ? spec.help : (spec.helpElsewhere ?? spec.help);
  return line(flags, spec.unset === '' ? help : `${help} [${spec.unset}]`);
}

function line(left: string, right: string): string {
  const [first, ...more] = wrap(right, lastColumn - textColumn);
  return [left.padEnd(textColumn) + first, ...more.map((rest) => ' '.repeat(textColumn) + rest)].join('\n');
}
