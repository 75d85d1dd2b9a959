// Proves that no secret leaves a parser: whatever way a login writes a password, nothing that is told has it, and users stay.

import { describe, expect, it } from 'vitest';
import { converse } from '../../src/analysis/protocols/golden/converse.ts';
import { type Protocol, protocols } from '../../src/analysis/protocols/index.ts';
import { loginCases, type SecretCase, webCases } from './secret-conversations.ts';
import { dataCases, statementCases } from './secret-data-cases.ts';
import { machineCases, mediaCases } from './secret-machine-cases.ts';
import { allTold, secret, shownIn, user } from './secret-marks.ts';
import { windowsCases, withoutSecrets } from './secret-windows-cases.ts';

const cases: readonly SecretCase[] = [
  ...webCases,
  ...loginCases,
  ...machineCases,
  ...mediaCases,
  ...statementCases,
  ...dataCases,
  ...windowsCases,
];

/** Opened by its own probe where it has one, by that of whoever tells it otherwise. */
const hear = ({ protocol, steps, setting = {} }: SecretCase, pieces?: number) => {
  const own = protocols.find(({ name }) => name === protocol) as Protocol;
  const first = own.open === undefined ? [] : [own];
  const list = [...first, ...protocols.filter((one) => !first.includes(one))];
  return converse(list, steps, {
    rPort: own.ports?.tcp?.[0] ?? 9999,
    ...setting,
    ...(pieces !== undefined && { pieces }),
  });
};

describe('a secret is told in no way', () => {
  it.each(cases.map((one) => [`${one.protocol}: ${one.what}`, one] as const))('%s', (_name, one) => {
    for (const pieces of one.setting?.proto === 17 ? [undefined] : [undefined, 1, 7]) {
      const heard = hear(one, pieces);
      expect(heard.threw).toEqual([]);
      expect(heard.told.map(({ kind }) => kind)).toContain(one.protocol);
      const told = allTold(heard);
      expect(shownIn(told, one.secrets ?? [secret]), told).toEqual([]);
      if (one.hasUser !== false) expect(told.toLowerCase()).toContain(user);
    }
  });
});

it('every protocol has a conversation with a secret, or a reason for none', () => {
  const covered = new Set(cases.map(({ protocol }) => protocol));
  const names = protocols.filter(({ open, fields }) => open !== undefined || Object.keys(fields).length > 0);
  expect(
    names.map(({ name }) => name).filter((name) => !covered.has(name) && withoutSecrets[name] === undefined),
  ).toEqual([]);
  expect(Object.keys(withoutSecrets).filter((name) => covered.has(name))).toEqual([]);
});

it('finds a secret in any of its forms', () => {
  for (const form of [secret, secret.toUpperCase(), btoa(`x${secret}`), btoa(`xy${secret}`), '533363723374']) {
    expect(shownIn(JSON.stringify({ form }), [secret.slice(0, 6)]).length, form).toBeGreaterThan(0);
  }
});
