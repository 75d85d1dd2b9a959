// Options of reports.

import type { OptionSpec } from './option-spec.ts';
import { flag, text } from './values.ts';

const option = <T>(spec: OptionSpec<T>): OptionSpec<T> => spec;

export const reportingOptions = {
  output: option<string>({
    flags: '-o, --output <file>',
    group: 'write',
    value: text,
    fallback: 'report.html',
    unset: 'report.html',
    commands: ['report'],
    from: [],
    help: 'where the report goes; - is stdout',
  }),
  redact: option<boolean>({
    flags: '--redact',
    group: 'write',
    value: flag,
    fallback: false,
    unset: '',
    commands: ['report'],
    from: [],
    help: 'replace addresses and names in the report by others',
    more: 'Each address and each name gets the same other one everywhere; private addresses stay private, addresses of one network stay in one network. Times, sizes, ports and protocols stay. Nothing is written where an address or a name would be left.',
  }),
};
