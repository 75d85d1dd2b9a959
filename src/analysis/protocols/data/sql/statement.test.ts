// Proves that passwords in statements are masked, and that other literals and cut statements come out as they were.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskPasswords, statementLimit, statementText } from './statement.ts';

const cases: readonly [string, string][] = [
  ["CREATE USER 'a'@'%' IDENTIFIED BY 'secret'", "CREATE USER 'a'@'%' IDENTIFIED BY '***'"],
  [
    "create user a identified with mysql_native_password by 's3'",
    "create user a identified with mysql_native_password by '***'",
  ],
  ["ALTER USER a IDENTIFIED BY 'new' REPLACE 'old'", "ALTER USER a IDENTIFIED BY '***' REPLACE '***'"],
  [
    "ALTER ROLE bob WITH ENCRYPTED PASSWORD 'x''y' VALID UNTIL 'tomorrow'",
    "ALTER ROLE bob WITH ENCRYPTED PASSWORD '***' VALID UNTIL 'tomorrow'",
  ],
  ["SET PASSWORD FOR 'u'@'h' = 'pw'", "SET PASSWORD FOR 'u'@'h' = '***'"],
  ["SET PASSWORD FOR 'u'@'h' = PASSWORD('pw')", "SET PASSWORD FOR 'u'@'h' = PASSWORD('***')"],
  [
    "CHANGE MASTER TO MASTER_USER='r', MASTER_PASSWORD='pw', MASTER_PORT=1",
    "CHANGE MASTER TO MASTER_USER='r', MASTER_PASSWORD='***', MASTER_PORT=1",
  ],
  ["SELECT * FROM t WHERE password = 'x' AND name = 'bob'", "SELECT * FROM t WHERE password = '***' AND name = 'bob'"],
  ['CREATE ROLE a WITH PASSWORD = "b" AND LOGIN = true', 'CREATE ROLE a WITH PASSWORD = "***" AND LOGIN = true'],
  [
    "CREATE SUBSCRIPTION s CONNECTION 'host=h password=pw user=u'",
    "CREATE SUBSCRIPTION s CONNECTION 'host=h password=*** user=u'",
  ],
  [
    "SELECT password FROM accounts WHERE username = 'test' OR 1 = '1'",
    "SELECT password FROM accounts WHERE username = 'test' OR 1 = '1'",
  ],
  ["INSERT INTO t (password, name) VALUES ('a', 'b')", "INSERT INTO t (password, name) VALUES ('a', 'b')"],
  ["IDENTIFIED BY 'cut of", "IDENTIFIED BY '***'"],
];

describe('statements', () => {
  it.each(cases)('%s', (given, shown) => {
    expect(maskPasswords(given)).toBe(shown);
  });

  it('are cut at the bound', () => {
    expect(statementText(new Uint8Array(10_000).fill(97), 0, 10_000)).toHaveLength(statementLimit);
  });

  it('never keep the secret behind IDENTIFIED BY, whatever stands around it', () => {
    fc.assert(
      fc.property(fc.string(), fc.stringMatching(/^[a-z]{6,12}$/), (tail, secret) => {
        expect(maskPasswords(`x IDENTIFIED BY '${secret}'${tail}`).slice(0, 24)).not.toContain(secret);
      }),
    );
  });
});
