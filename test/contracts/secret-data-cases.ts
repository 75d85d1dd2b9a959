// Conversations with databases and brokers that carry a secret.

import { bytesOf, type Step } from '../../src/analysis/protocols/golden/converse.ts';
import { big, joined, little } from '../../src/analysis/protocols/windows/mutations.ts';
import { plain, raw, type SecretCase, say } from './secret-conversations.ts';
import { hex, secret, user } from './secret-marks.ts';

const text = (value: string): Uint8Array => bytesOf(`'${value}`);

// --- statements ------------------------------------------------------------------------------------------------------

const statements: readonly string[] = [
  `create user ${user} identified by '${secret}'`,
  `alter role ${user} with encrypted password E'${secret}'`,
  `alter role ${user} password $q$${secret}$q$`,
  `set password for '${user}' = '${secret}'`,
  `alter user ${user} identified with x by _utf8mb4 '${secret}'`,
  `alter user ${user} identified by password 0x${hex(secret)}`,
  `select dblink('user=${user} password=${secret}')`,
  `select * from t where name='${user}' and api_token = '${secret}'`,
];
const pg = (type: string, ...parts: (string | Uint8Array)[]): Uint8Array => {
  const body = joined(...parts.map((part) => (typeof part === 'string' ? text(part) : part)));
  return joined(text(type), big(body.length + 4, 4), body);
};
const pgStart = say(0, pg('', big(196_608, 4), `user\0${user}\0password\0${secret}\0\0`));
const pgIn = say(1, pg('R', big(0, 4)), pg('K', big(7, 4), secret.slice(0, 4)), pg('Z', 'I'));
const key = new DataView(bytesOf(`'${secret}`).buffer).getUint32(0);

const packet = (number: number, ...parts: (string | Uint8Array)[]): Uint8Array => {
  const body = joined(...parts.map((part) => (typeof part === 'string' ? text(part) : part)));
  return joined(little(body.length, 3), Uint8Array.of(number), body);
};
const greeting = packet(
  0,
  '\n8.0.32\0',
  little(1, 4),
  'abcdefgh\0',
  little(0xfff7, 2),
  '\x21',
  little(2, 2),
  little(0x800f, 2),
  '\x15',
  new Uint8Array(10),
  'abcdefghijkl\0',
  'mysql_native_password\0',
);
const mysqlLogin = packet(
  1,
  little(0x0fa20d, 4),
  little(1 << 24, 4),
  '\x21',
  new Uint8Array(23),
  `${user}\0`,
  Uint8Array.of(secret.length),
  secret,
  'shop\0plug\0',
);
const ok = (number: number): Uint8Array => packet(number, '\0\0\0\x02\0\0\0');

const cql = (version: number, code: number, ...parts: (string | Uint8Array)[]): Uint8Array => {
  const body = joined(...parts.map((part) => (typeof part === 'string' ? text(part) : part)));
  return joined(Uint8Array.of(version, 0, 0, 0, code), big(body.length, 4), body);
};
const cqlIn: Step[] = [
  say(0, cql(4, 1, '\0\x01\0\x0bCQL_VERSION\0\x053.0.0')),
  say(1, cql(0x84, 3, '\0\x01a')),
  say(0, cql(4, 15, big(user.length + secret.length + 2, 4), `\0${user}\0${secret}`)),
  say(1, cql(0x84, 16, big(0xffffffff, 4))),
];

export const statementCases: readonly SecretCase[] = statements.flatMap((statement) => [
  {
    protocol: 'postgresql',
    what: statement,
    steps: [
      pgStart,
      pgIn,
      say(0, pg('Q', `${statement}\0`)),
      say(1, pg('E', `SERROR\0C42601\0q${statement}\0\0`), pg('Z', 'I')),
    ],
    secrets: [secret, String(key)],
  },
  {
    protocol: 'mysql',
    what: statement,
    steps: [
      say(1, greeting),
      say(0, mysqlLogin),
      say(1, ok(2)),
      say(0, packet(0, '\x03', statement)),
      say(1, packet(1, `\xff\x28\x04#42000near '${statement}'`)),
    ],
  },
  {
    protocol: 'cassandra',
    what: statement,
    steps: [
      ...cqlIn,
      say(0, cql(4, 7, big(statement.length, 4), statement, '\0\x01')),
      say(1, cql(0x84, 8, big(1, 4))),
    ],
  },
]);

// --- databases and brokers -------------------------------------------------------------------------------------------

const bson = (...elements: Uint8Array[]): Uint8Array => {
  const body = joined(...elements, Uint8Array.of(0));
  return joined(little(body.length + 4, 4), body);
};
const bsonText = (name: string, value: string): Uint8Array =>
  joined(text(`\x02${name}\0`), little(value.length + 1, 4), text(`${value}\0`));
const bsonBytes = (name: string, value: string): Uint8Array =>
  joined(text(`\x05${name}\0`), little(value.length, 4), text(`\0${value}`));
const mongo = (id: number, answers: number, ...elements: Uint8Array[]): Uint8Array => {
  const body = joined(little(0, 4), Uint8Array.of(0), bson(...elements));
  return joined(little(body.length + 16, 4), little(id, 4), little(answers, 4), little(2013, 4), body);
};
const resp = (...words: string[]): string =>
  `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`;
const redis = (what: string, words: string[], reply = '+OK\r\n'): SecretCase => ({
  protocol: 'redis',
  what,
  steps: [say(0, resp('AUTH', user, secret)), say(1, '+OK\r\n'), say(0, resp(...words)), say(1, reply)],
  setting: { rPort: 6379 },
});
const short = (value: string): Uint8Array => joined(big(value.length, 2), text(value));
const mqttConnect = (version: number, ...rest: Uint8Array[]): Uint8Array => {
  const body = joined(
    short('MQTT'),
    Uint8Array.of(version, 0xc2, 0, 60),
    ...rest,
    short('me'),
    short(user),
    short(secret),
  );
  return joined(Uint8Array.of(0x10, body.length), body);
};
const properties = joined(
  Uint8Array.of(21),
  short('PLAIN'),
  Uint8Array.of(22),
  short(secret),
  Uint8Array.of(38),
  short('token'),
  short(secret),
);
const amqp = (channel: number, ...parts: (string | Uint8Array)[]): Uint8Array => {
  const body = joined(...parts.map((part) => (typeof part === 'string' ? text(part) : part)));
  return joined(Uint8Array.of(1), big(channel, 2), big(body.length, 4), body, Uint8Array.of(0xce));
};
const amqpIn = (mechanism: string, response: string): Step[] => [
  say(0, 'AMQP\0\0\t\x01'),
  say(1, amqp(0, '\0\n\0\n\0\t', big(0, 4))),
  say(
    0,
    amqp(
      0,
      '\0\n\0\x0b',
      big(0, 4),
      String.fromCharCode(mechanism.length),
      mechanism,
      big(response.length, 4),
      response,
    ),
  ),
  say(1, amqp(0, '\0\n\0\x1e', '\0\0\0\x02\0\0\0<')),
];

export const dataCases: readonly SecretCase[] = [
  {
    protocol: 'postgresql',
    what: 'password, key and cancel',
    steps: [
      pgStart,
      say(1, pg('R', big(3, 4))),
      say(0, pg('p', `${secret}\0`)),
      pgIn,
      say(0, big(16, 4), big(80_877_102, 4), big(7, 4), secret.slice(0, 4)),
    ],
    secrets: [secret, String(key)],
  },
  {
    protocol: 'mongodb',
    what: 'SCRAM, MONGODB-CR, new users, what is stored',
    steps: [
      say(
        0,
        mongo(
          1,
          0,
          joined(text('\x10saslStart\0'), little(1, 4)),
          bsonText('mechanism', 'SCRAM-SHA-256'),
          bsonBytes('payload', `n,,n=${user},r=${secret}`),
        ),
      ),
      say(1, mongo(91, 1, bsonBytes('payload', `r=${secret}`))),
      say(0, mongo(2, 0, bsonText('createUser', user), bsonText('pwd', secret))),
      say(
        0,
        mongo(
          3,
          0,
          bsonText('authenticate', '1'),
          bsonText('user', user),
          bsonText('key', secret),
          bsonText('nonce', secret),
        ),
      ),
      say(
        0,
        mongo(
          4,
          0,
          bsonText('find', 'c'),
          joined(
            text('\x03filter\0'),
            bson(bsonText('accessToken', secret), bsonText('password', secret), bsonText('apiKey', secret)),
          ),
        ),
      ),
    ],
  },
  {
    protocol: 'mongodb',
    what: 'PLAIN',
    steps: [
      say(
        0,
        mongo(
          1,
          0,
          joined(text('\x10saslStart\0'), little(1, 4)),
          bsonText('mechanism', 'PLAIN'),
          bsonBytes('payload', `\0${user}\0${secret}`),
          bsonText('db', user),
        ),
      ),
    ],
  },
  redis('HELLO', ['HELLO', '3', 'AUTH', user, secret]),
  redis('CONFIG SET', ['CONFIG', 'SET', 'requirepass', secret]),
  redis('CONFIG GET', ['CONFIG', 'GET', 'requirepass'], resp('requirepass', secret)),
  redis('ACL', ['ACL', 'SETUSER', user, 'on', `>${secret}`, `#${hex(secret)}`]),
  redis('ACL GENPASS', ['ACL', 'GENPASS'], `$${secret.length}\r\n${secret}\r\n`),
  redis('MIGRATE', ['MIGRATE', 'h', '1', 'k', '0', '1', 'AUTH2', user, secret]),
  redis('SENTINEL', ['SENTINEL', 'SET', 'm', 'auth-pass', secret]),
  redis('an error that echoes', ['PING'], `-ERR unknown command 'AUHT', with args beginning with: '${secret}'\r\n`),
  {
    protocol: 'redis',
    what: 'inline',
    steps: [say(0, `AUTH ${secret}\r\n`), say(1, '+OK\r\n')],
    setting: { rPort: 6379 },
    hasUser: false,
  },
  ...['mqtt', 'mqtt_connect'].flatMap((protocol) => [
    { protocol, what: 'version 3.1.1', steps: [say(0, mqttConnect(4)), raw(1, '20 02 00 00')] },
    {
      protocol,
      what: 'version 5',
      steps: [say(0, mqttConnect(5, joined(Uint8Array.of(properties.length), properties))), raw(1, '20 03 00 00 00')],
    },
  ]),
  { protocol: 'amqp', what: 'PLAIN', steps: amqpIn('PLAIN', `\0${user}\0${secret}`) },
  {
    protocol: 'amqp',
    what: 'AMQPLAIN',
    steps: amqpIn('AMQPLAIN', `\x05LOGINS\0\0\0\x04${user}\x08PASSWORDS\0\0\0\x0d${secret}`),
    hasUser: false,
  },
  {
    protocol: 'memcached',
    what: 'SASL',
    steps: [
      say(
        0,
        joined(Uint8Array.of(0x80, 0x21), big(5, 2), big(0, 4), big(5 + plain.length, 4), big(0, 12)),
        'PLAIN',
        `\0${user}\0${secret}`.padEnd(plain.length),
      ),
      say(1, joined(Uint8Array.of(0x81, 0x21), big(0, 2), big(0, 4), big(0, 4), big(0, 12))),
    ],
    hasUser: false,
  },
];
