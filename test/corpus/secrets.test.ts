// Proves that no password that TShark finds in a capture of the corpus is in our EVE lines or in the values of our logs.

import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { corpusFolder, hasCorpus } from './captures.ts';
import { storyOf } from './events.ts';

const hasTshark = spawnSync('tshark', ['--version']).status === 0;

/** TShark takes a second for most: enough of each kind, not all. */
const mostOfFolder = 40;

const captures: readonly string[] = [
  ...inFolder('attacks/cleartext_credentials'),
  ...inFolder('attacks/brute_force'),
  ...inFolder('packetbeat', /secret/),
  ...inFolder('wireshark', /telnet|ftp|smtp|imap|pop|snmp|ldap|pgsql|socks/i),
  ...inFolder('zeek', /telnet|ftp|smtp|imap|pop|socks|snmp|http-basic/i),
  ...inFolder('suricata', /ftp|smtp|imap|pop3|snmp|pgsql|mqtt|rfb|ldap/i),
];

function inFolder(folder: string, name = /./): string[] {
  if (!hasCorpus) return [];
  const files = readdirSync(join(corpusFolder, folder), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => /\.(?:pcap|pcapng|cap)$/.test(file) && name.test(file))
    .sort()
    .slice(0, mostOfFolder)
    .map((file) => `${folder}/${file}`);
}

/** Fields of TShark that hold a secret and nothing else, and those whose last part is one. */
const whole = [
  'snmp.community',
  'imap.request.password',
  'smtp.auth.password',
  'mqtt.passwd',
  'socks.password',
  'pgsql.password',
];
const fields = [
  ...whole,
  'ftp.request.command',
  'ftp.request.arg',
  'pop.request.command',
  'pop.request.parameter',
  'http.authbasic',
  'ldap.simple',
  'http.cookie',
];

/** Whose password is none: `anonymous` and the mail address by custom. */
const guests = /^(?:anonymous|ftp)$/i;

function secretsOf(path: string): Set<string> {
  const known = fields.flatMap((field) => ['-e', field]);
  const told = spawnSync(
    'tshark',
    ['-r', join(corpusFolder, path), '-T', 'fields', '-E', 'separator=\t', '-E', 'aggregator=\x01', ...known],
    {
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    },
  );
  const found = new Set<string>();
  let ftpUser = '';
  for (const line of told.stdout.split('\n')) {
    const values = line.split('\t').map((value) => value.split('\x01'));
    const value = (name: string): readonly string[] => values[fields.indexOf(name)] ?? [];
    for (const name of whole) for (const one of value(name)) found.add(one);
    for (const [i, verb] of value('ftp.request.command').entries()) {
      const argument = value('ftp.request.arg')[i] ?? '';
      if (verb === 'USER') ftpUser = argument;
      if (verb === 'PASS' && !guests.test(ftpUser)) found.add(argument);
    }
    for (const [i, verb] of value('pop.request.command').entries()) {
      if (/^pass$/i.test(verb)) found.add(value('pop.request.parameter')[i] ?? '');
    }
    for (const one of value('http.authbasic')) found.add(one.slice(one.indexOf(':') + 1));
    for (const one of value('ldap.simple'))
      found.add(/^[0-9a-f]+$/.test(one) ? Buffer.from(one, 'hex').toString('latin1') : one);
    for (const one of value('http.cookie'))
      for (const pair of one.split(/;\s*/)) found.add(pair.slice(pair.indexOf('=') + 1));
  }
  return found;
}

/** Short ones and words of every day stand in other places, too; some users have their own name for a password. */
const isTelling = (secret: string, text: string, users: ReadonlySet<string>): boolean =>
  secret.length >= 6 &&
  !/^(?:public|private|anonymous|password|\d+|\*+)$/i.test(secret) &&
  text.includes(secret) &&
  ![...users].some((user) => user.includes(secret));

function valuesOf(value: unknown, into: string[], users: Set<string>, key = ''): void {
  if (typeof value === 'string') {
    into.push(value);
    if (/^(?:user|username|client|cname|commandData|name)$/i.test(key)) users.add(value);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, one] of Object.entries(value)) valuesOf(one, into, users, name);
  }
}

describe.skipIf(!hasCorpus || !hasTshark)('secrets of the corpus (needs TAPLIGHT_CORPUS and TShark)', () => {
  it('are told nowhere', async () => {
    const shown: string[] = [];
    let secrets = 0;
    for (const path of captures) {
      const found = [...secretsOf(path)].filter((one) => one.length >= 6);
      if (found.length === 0) continue;
      secrets += found.length;
      const texts: string[] = [];
      const users = new Set<string>();
      for (const { eve, values } of (await storyOf(path, 20_000)).events) {
        valuesOf(eve, texts, users);
        valuesOf(values, texts, users);
      }
      for (const secret of found) {
        const text = texts.find((one) => isTelling(secret, one, users));
        if (text !== undefined) shown.push(`${path}: ${secret} in ${text.slice(0, 120)}`);
      }
    }
    expect(secrets).toBeGreaterThan(20);
    expect(shown).toEqual([]);
  }, 240_000);
});
