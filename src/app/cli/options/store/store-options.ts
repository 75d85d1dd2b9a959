// Options of the store: where history is kept, under which name, and for how long.

import { leastKeptBytes } from '../../../pipeline/options.ts';
import type { OptionSpec } from '../option-spec.ts';
import { count, size, sizeOrNone, text } from '../values.ts';
import { asking } from './asking-options.ts';

const option = <T>(spec: OptionSpec<T>): OptionSpec<T> => spec;

export const storeOptions = {
  store: option<string | null>({
    flags: '--store <place>',
    group: 'store',
    value: text,
    fallback: null,
    unset: 'nothing is kept; questions go to `default`',
    commands: ['capture', ...asking],
    helpElsewhere: 'ask this one: a folder, `default`, or clickhouse://user:pass@host/db',
    help: 'keep history: a folder, `default`, or clickhouse://user:pass@host/db',
    more: '`default` is `$XDG_DATA_HOME/taplight/store`, else `~/.local/share/taplight/store`; under sudo that of the person who called it. A folder is an embedded store for one machine; a URL names a ClickHouse server, or several with a comma between, for any number of sensors. docs/61-history.md tells more.',
  }),
  sensor: option<string | null>({
    flags: '--sensor <name>',
    group: 'store',
    value: text,
    fallback: null,
    unset: 'the name of this machine',
    help: 'name that rows of this sensor are kept under',
  }),
  keepDays: option<number>({
    flags: '--keep-days <n>',
    group: 'store',
    value: count(0, 36_500),
    fallback: 30,
    unset: '30',
    help: 'days that flows and events are kept; 0: for ever',
  }),
  keepRollupDays: option<number>({
    flags: '--keep-rollup-days <n>',
    group: 'store',
    value: count(0, 36_500),
    fallback: 365,
    unset: '365',
    help: 'days that sums by minute and alerts are kept; 0: for ever',
  }),
  keepSize: option<number>({
    flags: '--keep-size <size>',
    group: 'store',
    value: size(0),
    fallback: 10_000_000_000,
    unset: '10GB',
    help: 'size of an embedded store above which the oldest flows and events go; 0: no bound',
  }),
  keepPackets: option<number>({
    flags: '--keep-packets <size>',
    group: 'store',
    value: sizeOrNone(leastKeptBytes),
    fallback: 0,
    unset: 'no packets are kept',
    help: 'with --store: keep packets, too, in a ring of this size; the oldest go',
    more: '`serve` keeps 64MiB of what it captures without being asked, in a private folder that is gone when it ends; 0: nothing. `taplight packets` brings them back. The ring is the folder `packets` of the store; with a ClickHouse server that of the default store on this machine. docs/62-packets.md tells more.',
  }),
  keepPerFlow: option<number>({
    flags: '--keep-per-flow <size>',
    group: 'store',
    value: size(0),
    fallback: 65_536,
    unset: '64KiB',
    help: 'with --keep-packets: the first bytes of each flow record that are kept; 0: all',
    more: 'SYN, FIN and RST are always kept. Handshakes, first requests and first answers are within the first bytes; what makes captures large comes later, and is mostly encrypted.',
  }),
} as const;
