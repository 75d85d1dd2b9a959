// Options of the server: where it listens, and who may come in.

import type { OptionSpec } from '../option-spec.ts';
import { count, flag, size, text, texts } from '../values.ts';

const option = <T>(spec: OptionSpec<T>): OptionSpec<T> => spec;
const serving = ['serve'] as const;

export const serveOptions = {
  port: option<number>({
    flags: '--port <n>',
    group: 'serve',
    value: count(0, 65_535),
    fallback: 7474,
    unset: '7474',
    commands: serving,
    help: 'port to listen on; 0: any that is free',
  }),
  listen: option<string>({
    flags: '--listen <address>',
    group: 'serve',
    value: text,
    fallback: '127.0.0.1',
    unset: '127.0.0.1',
    commands: serving,
    help: 'address to listen on; 0.0.0.0 lets others in, and demands a password',
    more: 'What is sent is not encrypted: put a proxy with TLS in front, or leave it on loopback and come in by `ssh -L`.',
  }),
  password: option<string | null>({
    flags: '--password <text>',
    group: 'serve',
    value: text,
    fallback: null,
    unset: '',
    commands: serving,
    help: 'password for browsers; better in TAPLIGHT_PASSWORD, where `ps` does not show it',
  }),
  token: option<string | null>({
    flags: '--token <text>',
    group: 'serve',
    value: text,
    fallback: null,
    unset: 'a new one each time, printed',
    commands: serving,
    help: 'token for programs (Authorization: Bearer); better in TAPLIGHT_TOKEN',
  }),
  allowHost: option<readonly string[]>({
    flags: '--allow-host <name>',
    group: 'serve',
    value: texts,
    fallback: [],
    unset: '',
    commands: serving,
    help: 'name to answer to besides our own, as a proxy in front sends it',
    more: 'May be repeated. Other names are refused: a page of somebody else could point its own name here (DNS rebinding).',
  }),
  headless: option<boolean>({
    flags: '--headless',
    group: 'serve',
    value: flag,
    fallback: false,
    unset: '',
    commands: serving,
    help: 'the API without a dashboard',
  }),
  demo: option<boolean>({
    flags: '--demo',
    group: 'serve',
    value: flag,
    fallback: false,
    unset: '',
    commands: serving,
    from: [],
    help: 'show the bundled story of a small office network',
  }),
  open: option<boolean>({
    flags: '--open',
    group: 'serve',
    value: flag,
    fallback: false,
    unset: '',
    commands: serving,
    help: 'open the browser',
  }),
  maxUpload: option<number>({
    flags: '--max-upload <size>',
    group: 'serve',
    value: size(1),
    fallback: 1 << 30,
    unset: '1GiB',
    commands: serving,
    help: 'largest capture file that is taken from the browser',
    more: 'It lies in a private folder for temporary files until its scene gives way or the program ends.',
  }),
} as const;
