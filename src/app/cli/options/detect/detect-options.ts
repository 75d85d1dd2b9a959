// Options of the detectors: memory, which are on, exceptions, evidence, detectors of the user's own.

import { defaultDetectBytes } from '../../../pipeline/options.ts';
import type { OptionSpec } from '../option-spec.ts';
import { choice, size, text, texts } from '../values.ts';

const option = <T>(spec: OptionSpec<T>): OptionSpec<T> => spec;
const analysing = ['capture', 'alerts', 'explain', 'test-detector', 'report'] as const;

export const detectOptions = {
  detect: option<readonly string[]>({
    flags: '--detect <what>',
    group: 'detect',
    value: texts,
    fallback: [],
    unset: 'all that are on by default',
    commands: analysing,
    help: 'set detectors: off:scan.*, on:NAME, scan.vertical.ports=20, or none',
    more: 'May be repeated, also with commas. `taplight detectors` lists names, options and defaults. In the configuration file also as a table: `[detectors."scan.vertical"]` with `ports = 20` or `off = true`.',
  }),
  detectMemory: option<number>({
    flags: '--detect-memory <size>',
    group: 'detect',
    value: size(1 << 20),
    fallback: defaultDetectBytes,
    unset: '64MiB',
    commands: analysing,
    help: 'memory of all detectors together',
    more: 'Every table is made smaller or larger with it. What had to be forgotten is counted and shown.',
  }),
  detectors: option<readonly string[]>({
    flags: '--detector <file>',
    group: 'detect',
    value: texts,
    fallback: [],
    unset: '',
    commands: analysing,
    help: 'a detector of your own: a module (.js, .mjs; .ts where Node reads it)',
    more: 'May be repeated. docs/59-own-detectors.md shows how one is written.',
  }),
  intel: option<readonly string[]>({
    flags: '--intel <file>',
    group: 'detect',
    value: texts,
    fallback: [],
    unset: '',
    commands: analysing,
    help: 'threat list: addresses, networks, domains, URLs, hashes, JA3/JA4/HASSH',
    more: 'May be repeated. One entry a line; also datasets of Suricata, intelligence files of Zeek, hosts files and CSV. A line `# confidence: 60` says how far to trust a list. Files that change while a capture runs are read again. docs/58-threat-lists.md says more.',
  }),
  evidence: option<string | null>({
    flags: '--evidence <dir>',
    group: 'detect',
    value: text,
    fallback: null,
    unset: '',
    help: 'write a small capture file for each alert into this folder',
    more: 'Kept are the last 64 MiB of packets: those an alert names, and those between its ends.',
  }),
  severity: option<'info' | 'low' | 'medium' | 'high' | 'severe' | 'critical'>({
    flags: '--severity <least>',
    group: 'detect',
    value: choice('info', 'low', 'medium', 'high', 'severe', 'critical'),
    fallback: 'low',
    unset: 'low',
    commands: ['alerts'],
    help: 'alerts of this severity and above',
  }),
  until: option<string | null>({
    flags: '--until <date>',
    group: 'detect',
    value: text,
    fallback: null,
    unset: 'for good',
    commands: ['except'],
    from: [],
    help: 'the exception ends then (2027-01-31 or 2027-01-31T12:00:00Z)',
  }),
  why: option<string | null>({
    flags: '--why <reason>',
    group: 'detect',
    value: text,
    fallback: null,
    unset: '',
    commands: ['except'],
    from: [],
    help: 'why this is harmless; needed',
  }),
} as const;
