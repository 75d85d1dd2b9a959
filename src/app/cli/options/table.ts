// The options of the command line, each declared once: flag, environment variable, configuration key, help and
// documentation all come from this table. Letters follow tcpdump, tshark and dumpcap.

import { defaultFlowOptions } from '../../pipeline/options.ts';
import { detectOptions } from './detect/detect-options.ts';
import { type CommandName, commandNames, type OptionSpec } from './option-spec.ts';
import { reportingOptions } from './reporting-options.ts';
import { serveOptions } from './serving/serve-options.ts';
import { answering, askingOptions } from './store/asking-options.ts';
import { packetOptions } from './store/packet-options.ts';
import { storeOptions } from './store/store-options.ts';
import { builtInTimeouts, choice, count, duration, flag, size, speed, text, texts, timeouts } from './values.ts';

const option = <T>(spec: OptionSpec<T>): OptionSpec<T> => spec;
const everywhere = commandNames;
const reading = ['capture', 'alerts', 'explain', 'test-detector', 'report'] as const;

export const optionTable = {
  // --- input -------------------------------------------------------------------------------------------------------
  interface: option<string | null>({
    flags: '-i, --interface <name>',
    group: 'input',
    value: text,
    fallback: null,
    unset: 'ask at a terminal',
    common: true,
    help: 'listen on an interface: name, number from -D, any, or - for a pcap stream on stdin',
  }),
  read: option<readonly string[]>({
    flags: '-r, --read <file>',
    group: 'input',
    value: texts,
    fallback: [],
    unset: '',
    common: true,
    commands: reading,
    help: 'read capture files (pcap, pcapng, .gz, .zst; - is stdin)',
    more: 'May be repeated. Words that follow are files for as long as files of that name exist; the rest is the filter. Several files are merged in time order.',
  }),
  listInterfaces: option<boolean>({
    flags: '-D, --list-interfaces',
    group: 'input',
    value: flag,
    fallback: false,
    unset: '',
    common: true,
    from: [],
    help: 'list the interfaces and end; needs no privilege',
  }),
  promiscuous: option<boolean>({
    flags: '-p, --no-promiscuous',
    group: 'input',
    value: flag,
    fallback: true,
    unset: 'promiscuous',
    help: 'see only traffic of this machine',
  }),
  snapshotLength: option<number>({
    flags: '-s, --snapshot-length <n>',
    group: 'input',
    value: count(0, 0x7fffffff),
    fallback: 0,
    unset: '0: whole packets',
    commands: ['capture', 'demo'],
    help: 'bytes kept of each packet',
  }),
  capture: option<'native' | 'libpcap'>({
    flags: '--capture <how>',
    group: 'input',
    value: choice('native', 'libpcap'),
    fallback: 'native',
    unset: 'native',
    help: 'how packets are captured: native or libpcap',
    more: 'Native is AF_PACKET on Linux; on other systems it is libpcap.',
  }),
  buffer: option<number>({
    flags: '--buffer <size>',
    group: 'input',
    value: size(65_536),
    fallback: 64 * 1024 * 1024,
    unset: '64MiB',
    help: 'capture buffer of each worker',
  }),
  follow: option<boolean>({
    flags: '--follow',
    group: 'input',
    value: flag,
    fallback: false,
    unset: '',
    help: 'with -r: keep reading a file that is still being written',
  }),
  speed: option<number>({
    flags: '--speed <n>',
    group: 'input',
    value: speed,
    fallback: 10,
    unset: '10',
    commands: ['demo'],
    help: 'with demo: seconds of packet time played in a second; max: all at once',
  }),

  keyLog: option<string | null>({
    flags: '--keylog <file>',
    group: 'input',
    value: text,
    fallback: null,
    unset: '',
    help: 'decrypt TLS and QUIC with the secrets of this file (SSLKEYLOGFILE)',
    more: 'The file may grow while a capture runs. Secrets inside a pcapng file are used without being asked for.',
  }),

  // --- limits ------------------------------------------------------------------------------------------------------
  count: option<number>({
    flags: '-c, --count <n>',
    group: 'limit',
    value: count(1),
    fallback: 0,
    unset: '',
    common: true,
    help: 'stop after n packets',
  }),
  duration: option<number>({
    flags: '--duration <dur>',
    group: 'limit',
    value: duration,
    fallback: 0,
    unset: '',
    help: 'stop after this long (packet time with -r)',
  }),
  threshold: option<number>({
    flags: '--threshold <n>',
    group: 'limit',
    value: count(0),
    fallback: 100,
    unset: '100',
    common: true,
    help: 'packets of one source above which it is an anomaly; 0: never',
  }),

  // --- shown -------------------------------------------------------------------------------------------------------
  print: option<boolean>({
    flags: '--print',
    group: 'show',
    value: flag,
    fallback: false,
    unset: '',
    common: true,
    help: 'a line per packet on stdout',
  }),
  json: option<boolean>({
    flags: '--json',
    group: 'show',
    value: flag,
    fallback: false,
    unset: '',
    common: true,
    commands: everywhere,
    from: [],
    help: 'EVE JSON lines on stdout (the same as --eve -)',
    helpElsewhere: 'one JSON document on stdout',
  }),
  summary: option<'text' | 'json' | 'none' | null>({
    flags: '--summary <how>',
    group: 'show',
    value: choice('text', 'json', 'none'),
    fallback: null,
    unset: 'text, unless stdout carries data',
    common: true,
    help: 'closing summary: text, json or none',
    more: 'When stdout carries packets or EVE lines, a text summary goes to stderr. `json` is one document on stdout.',
  }),
  quiet: option<boolean>({
    flags: '-q, --quiet',
    group: 'show',
    value: flag,
    fallback: false,
    unset: '',
    help: 'only the summary',
  }),
  chartEvery: option<number | null>({
    flags: '--chart-every <dur>',
    group: 'show',
    value: duration,
    fallback: null,
    unset: '10s live at a terminal, else only at the end',
    help: 'show the protocol chart this often; 0: only at the end',
  }),
  names: option<boolean>({
    flags: '-n, --no-names',
    group: 'show',
    value: flag,
    fallback: true,
    unset: '',
    help: 'addresses as numbers, no name resolution',
    more: 'Addresses are shown as numbers anyway: the program asks no name server by itself.',
  }),
  color: option<boolean>({
    flags: '--no-color',
    group: 'show',
    value: flag,
    fallback: true,
    unset: 'colour at a terminal',
    commands: everywhere,
    help: 'no colours; NO_COLOR is honoured, too',
  }),
  verbose: option<boolean>({
    flags: '-v, --verbose',
    group: 'show',
    value: flag,
    fallback: false,
    unset: '',
    help: 'say on stderr where settings came from and what each stage did',
  }),

  // --- written -----------------------------------------------------------------------------------------------------
  write: option<string | null>({
    flags: '-w, --write <file>',
    group: 'write',
    value: text,
    fallback: null,
    unset: '',
    common: true,
    commands: ['capture', 'packets', ...answering],
    help: 'also write the packets (pcapng; .pcap: classic; - is stdout)',
    helpElsewhere: 'write the answer into this file',
  }),
  eve: option<string | null>({
    flags: '--eve <file>',
    group: 'write',
    value: text,
    fallback: null,
    unset: '',
    common: true,
    help: 'write EVE JSON lines (flow, dns, tls, http, …, alert, anomaly, stats); - is stdout',
  }),
  zeek: option<string | null>({
    flags: '--zeek <dir>',
    group: 'write',
    value: text,
    fallback: null,
    unset: '',
    common: true,
    help: 'write Zeek logs into this folder (conn.log, dns.log, ssl.log, http.log, …)',
  }),
  zeekJson: option<boolean>({
    flags: '--zeek-json',
    group: 'write',
    value: flag,
    fallback: false,
    unset: '',
    help: 'with --zeek: JSON lines instead of tab-separated text',
  }),
  chartFile: option<string | null>({
    flags: '--chart-file <file.svg>',
    group: 'write',
    value: text,
    fallback: null,
    unset: '',
    help: 'write the protocol chart as a picture',
  }),
  rotateSize: option<number>({
    flags: '--rotate-size <size>',
    group: 'write',
    value: size(1),
    fallback: 0,
    unset: '',
    help: 'with -w: start a new file at this size',
  }),
  rotateTime: option<number>({
    flags: '--rotate-time <dur>',
    group: 'write',
    value: duration,
    fallback: 0,
    unset: '',
    help: 'with -w: start a new file after this long',
  }),
  rotateFiles: option<number>({
    flags: '--rotate-files <n>',
    group: 'write',
    value: count(1),
    fallback: 0,
    unset: 'all',
    help: 'with --rotate-size or --rotate-time: files kept',
  }),

  ...detectOptions,
  ...storeOptions,
  ...reportingOptions,
  ...askingOptions,
  ...packetOptions,
  ...serveOptions,

  // --- tuning ------------------------------------------------------------------------------------------------------
  workers: option<number>({
    flags: '--workers <n>',
    group: 'tune',
    value: count(1, 64),
    fallback: 1,
    unset: '1',
    help: 'analysis threads',
  }),
  maxFlows: option<number>({
    flags: '--max-flows <n>',
    group: 'tune',
    value: count(16, 1 << 26),
    fallback: defaultFlowOptions.capacity,
    unset: String(defaultFlowOptions.capacity),
    help: 'flows kept at once; the oldest is written out when more come',
  }),
  flowTimeouts: option({
    flags: '--flow-timeouts <list>',
    group: 'tune',
    value: timeouts,
    fallback: builtInTimeouts,
    unset: Object.entries(builtInTimeouts)
      .map(([kind, sec]) => `${kind}=${sec}`)
      .join(','),
    help: 'seconds of silence that end a flow; active: longest record, 0 is never',
  }),
  checksums: option<boolean>({
    flags: '--checksums',
    group: 'tune',
    value: flag,
    fallback: false,
    unset: '',
    help: 'verify checksums and count wrong ones as problems',
    more: "A machine's own packets are often captured before the network card fills the checksum in.",
  }),
  config: option<string | null>({
    flags: '--config <file>',
    group: 'tune',
    value: text,
    fallback: null,
    unset: '$XDG_CONFIG_HOME/taplight/config.toml',
    from: ['environment'],
    commands: everywhere,
    help: 'read defaults from this TOML file',
  }),
  tui: option<boolean>({
    flags: '--no-tui',
    group: 'show',
    value: flag,
    fallback: true,
    unset: 'the screen, at a terminal',
    insists: true,
    help: 'lines instead of the screen; --tui insists on it',
    more: 'There is a screen where stdin, stdout and stderr are one terminal, and no lines were asked for (`-q`, `--print`, `--json`, `--summary`, `--chart-every`, `-w -`). `--tui --store PLACE` shows what a store keeps. Whoever has the screen read to them sets `TAPLIGHT_TUI=no`.',
  }),
} as const;

export type OptionName = keyof typeof optionTable;

/** All options with their values, defaults filled in. */
export type Settings = {
  readonly [K in OptionName]: (typeof optionTable)[K] extends OptionSpec<infer T> ? T : never;
};

/** The table as rows, in order. */
export const optionRows = Object.entries(optionTable) as [OptionName, OptionSpec<unknown>][];

/** `--chart-every <dur>` → `--chart-every`. */
export function longFlag(spec: OptionSpec<unknown>): string {
  return /--[a-z-]+/.exec(spec.flags)?.[0] ?? spec.flags;
}

/** Key in the configuration file: the long flag without dashes in front and without `no-`. */
export function configKey(spec: OptionSpec<unknown>): string {
  return longFlag(spec).replace(/^--(no-)?/, '');
}

/** Name of the environment variable. */
export function environmentName(spec: OptionSpec<unknown>): string {
  return `TAPLIGHT_${configKey(spec).toUpperCase().replaceAll('-', '_')}`;
}

export function comesFrom(spec: OptionSpec<unknown>, place: 'environment' | 'config'): boolean {
  return spec.from === undefined || spec.from.includes(place);
}

/** `serve` captures, too, and knows what a capture does; `demo` knows where its packets come from. */
export function isKnownTo(spec: OptionSpec<unknown>, command: CommandName): boolean {
  const commands = spec.commands ?? ['capture'];
  if (commands.includes(command)) return true;
  const captures = command === 'serve' || (command === 'demo' && spec.group !== 'input');
  return captures && commands.includes('capture');
}

export { type CommandName, commandNames, type OptionSpec, optionGroups } from './option-spec.ts';
