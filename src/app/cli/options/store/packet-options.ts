// Options of `taplight packets`: which packets, where not a filter says.

import type { OptionSpec } from '../option-spec.ts';
import { text } from '../values.ts';

const option = <T>(spec: OptionSpec<T>): OptionSpec<T> => spec;

export const packetOptions = {
  ofAlert: option<string | null>({
    flags: '--alert <id>',
    group: 'ask',
    value: text,
    fallback: null,
    unset: '',
    commands: ['packets'],
    from: [],
    help: 'packets of an alert: those it names, and those between its ends',
  }),
  ofFlow: option<string | null>({
    flags: '--flow <run:id>',
    group: 'ask',
    value: text,
    fallback: null,
    unset: '',
    commands: ['packets'],
    from: [],
    help: 'packets of one flow, by the numbers of its run and of itself',
  }),
} as const;
