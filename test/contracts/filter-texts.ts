// Filters made at random: every operator, chip, kind of field and way of writing, with values that rows have and that they have not.

import fc from 'fast-check';
import { type Asked, addressPool, appPool, detectorPool, portPool, statePool, textPool } from './filter-rows.ts';

const quoted = (text: string): string =>
  `"${text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t')}"`;

const networks = [
  '10.0.0.0/8',
  '10.0.0.0/29',
  '192.168.0.0/16',
  '0.0.0.0/0',
  '2001:db8::/32',
  'fe80::/10',
  '::/0',
  '10.1.2.3/31',
];
/** A whole text, a part of one in another case, and signs that mean something to SQL. */
const textValue = fc.oneof(
  fc.constantFrom(...textPool),
  fc
    .record({
      text: fc.constantFrom(...textPool),
      from: fc.nat(4),
      length: fc.integer({ min: 1, max: 5 }),
      isUpper: fc.boolean(),
    })
    .map(({ text, from, length, isUpper }) => {
      const part = [...text].slice(from, from + length).join('') || text;
      // `ß` in upper case is two letters; engines differ from each other, and so from us, in none of the pool otherwise.
      return isUpper && part.toUpperCase().length === part.length ? part.toUpperCase() : part;
    }),
  fc.constantFrom('%', '_', '\\', "'", '"', '.', '%_', 'nowhere'),
);
const someText = textValue.map(quoted);
const pattern = fc
  .oneof(
    fc.constantFrom(
      ...[
        '^git',
        'com$',
        '^$',
        '.',
        '^.$',
        '(?-i)GitHub',
        '(?i)github',
        'git|mail',
        'e.a',
        'a_?b',
        '[a-f]{2,}',
        '\\.org$',
        '\\d+%',
      ],
      ...[
        '^[^.]+$',
        '(exam|exem)ple',
        '\\bhub',
        'hub\\b',
        '\\w+@',
        'ü',
        'Ü',
        '[а-я]+',
        '[А-Я]',
        'ß',
        '(?s)line.feed',
        'line.feed',
      ],
      ...[
        '^(a|o|\\\\)',
        '\\s',
        '\\S{9,}',
        '(.b|b.)+',
        '[[:punct:]]',
        '(?i:X)B',
        '^\\x67',
        '\\x{1F600}',
        '.{3}',
        '^(?:.{2})+$',
        '\\A.\\z',
      ],
    ),
    textValue.map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')),
  )
  .map((text) => quoted(text));
const address = fc.oneof(fc.constantFrom(...addressPool), fc.constantFrom(...networks));
const port = fc.oneof(fc.constantFrom(...portPool.map(String)), fc.constantFrom('0x1bb', '70000', '442.5', '8k'));
const whole = fc.constantFrom('0', '1', '50', '100', '199.5', '1000', '1MB', '2 mb', '-1', '99999999999999');
const real = fc.constantFrom('0', '0.25', '1', '1.5', '2.75', '-1', '100');
const duration = fc.constantFrom('0', '900', '1ms', '10 ms', '5us', '1.5ms', '4000s', '5 min', '100');
const time = fc.constantFrom('2026-11-22', '"2026-11-22 10:05"', '2026-11-22T10:10:00Z', '"2026-11-22 12:00+02:00"');

type Values = fc.Arbitrary<string>;
interface Asks {
  readonly names: readonly string[];
  readonly values: Values;
  readonly can: 'order' | 'equal' | 'text' | 'address';
}
const asks = (names: readonly string[], values: Values, can: Asks['can'] = 'order'): Asks => ({ names, values, can });
const word = (pool: readonly string[]): Values =>
  fc.constantFrom(
    ...pool.filter((each) => each !== ''),
    ...pool.filter((each) => each !== '').map((each) => each.toUpperCase()),
    'nowhere',
  );

const ofFlows: readonly Asks[] = [
  asks(['ip.addr', 'ip', 'ipv6.addr', 'ip.src', 'dst', 'src_ip', 'host'], address, 'address'),
  asks(['port', 'tcp.port', 'udp.port', 'tcp.dstport', 'udp.srcport', 'dst_port', 'flows.src_port'], port),
  asks(['proto', 'ip.proto'], fc.constantFrom('tcp', 'UDP', '1', '58', 'ipv6-icmp', '300')),
  asks(['bytes', 'packets', 'bytes_fwd', 'responses', 'part', 'vlan'], whole),
  asks(['duration', 'rtt', 'response_us'], duration),
  asks(['start', 'end', 'time'], time),
  asks(['direction'], fc.constantFrom('in', 'out', 'inside', 'outside', '2')),
  asks(['alerted'], fc.constantFrom('true', 'false', '1', 'no'), 'equal'),
  asks(['host.name', 'name', 'host', 'service', 'flows.host'], someText, 'text'),
  asks(['app'], word(appPool), 'text'),
  asks(['state', 'tcp.state'], fc.oneof(word(statePool), fc.constantFrom('open', 'closed')), 'text'),
  asks(['sensor'], word(['alpha', 'Beta']), 'text'),
  asks(
    ['eth.addr', 'mac', 'eth.src'],
    fc.constantFrom('00:1A:2B:3C:4D:5E', '00-1a-2b-3c-4d-5e', 'ffff.ffff.ffff'),
    'equal',
  ),
  asks(
    ['community_id'],
    fc.constantFrom('"1:LQU9qZlK+B5F3KDmev6m5PMibrg="', '2d053da9994af81e', 'ffffffffffffffff'),
    'equal',
  ),
];
const ofEvents: readonly Asks[] = [
  asks(['dns.qry.name', 'query', 'dns.query', 'tls.sni', 'sni', 'tls.version', 'client_id'], someText, 'text'),
  asks(
    ['dns.a', 'answers', 'dns.answers', 'tls.clientAlpns', 'client_alpns'],
    fc.oneof(someText, address.map(quoted)),
    'text',
  ),
  asks(['dns.flags.rcode', 'rcode'], real),
  asks(
    ['ttls', 'dns.ttls', 'mqtt-connect.keepAliveSec', 'keep_alive_sec'],
    fc.constantFrom('0', '1', '250ms', '2.5s', '1.25'),
  ),
  asks(['tls.durationUs'], fc.constantFrom('0', '1', '2us', '0.5', '1.25')),
  asks(['is_authoritative', 'dns.isAuthoritative'], fc.constantFrom('true', 'false'), 'equal'),
];
const ofAlerts: readonly Asks[] = [
  asks(['severity', 'alert.severity'], fc.constantFrom('info', 'low', 'HIGH', 'critical', '2')),
  asks(['state', 'alert.state'], fc.constantFrom('open', 'closed'), 'text'),
  asks(['detector', 'alert.detector'], word(detectorPool), 'text'),
  asks(['score', 'confidence', 'observed'], real),
  asks(['count'], whole),
  asks(['title', 'explain', 'alert.target', 'targets', 'key'], someText, 'text'),
  asks(['packets'], real),
  asks(['time', 'first_ts'], time),
];
const alertAddress: Asks = asks(
  ['ip.addr', 'host', 'ip.src', 'dst'],
  fc.constantFrom(...addressPool, '10.0.0.0/8', '10.0.0.0/30', '192.168.1.64/26'),
  'equal',
);

const equals = ['==', 'eq', '=', 'any_eq', '!=', 'ne', 'all_ne', '===', 'all_eq', '!==', 'any_ne', '~='];
const orders = ['<', 'lt', '<=', 'le', '>', 'gt', '>=', 'ge'];
const every = fc.constantFrom('', '', '', '', 'any ', 'all ');

function compareOf({ names, values, can }: Asks): Values {
  const name = fc.constantFrom(...names);
  const operators = can === 'equal' ? equals : [...equals, ...orders];
  const plain = fc
    .tuple(every, name, fc.constantFrom(...operators), values)
    .map(([all, ...rest]) => all + rest.join(' '));
  if (can !== 'text') return plain;
  const part = fc.tuple(every, name, textValue).map(([all, field, text]) => `${all}${field} contains ${quoted(text)}`);
  const like = fc
    .tuple(every, name, fc.constantFrom('matches', '~'), pattern)
    .map(([all, ...rest]) => all + rest.join(' '));
  return fc.oneof(plain, part, like);
}

function setOf({ names, values, can }: Asks): Values {
  // Networks have no order, units may stand apart, MAC addresses are text that has none, either.
  const isRange = can === 'order';
  const item = isRange
    ? fc.oneof(
        values,
        fc.tuple(values, values).map(([low, high]) => `${low} .. ${high}`),
      )
    : values;
  const set = fc.array(item, { minLength: 1, maxLength: 3 }).map((items) => `{${items.join(', ')}}`);
  return fc.tuple(fc.constantFrom(...names), fc.constantFrom('in', 'not in'), set).map((parts) => parts.join(' '));
}

function chipOf({ names, values }: Asks): Values {
  const joined = values.map((value) => value.replace(/^(-?[\d.]+) /, '$1'));
  const list = fc.array(joined, { minLength: 1, maxLength: 2 }).map((items) => items.join(','));
  return fc
    .tuple(fc.constantFrom('', '', '-', '!'), fc.constantFrom(...names), list)
    .map(([sign, name, value]) => `${sign}${name}:${value}`);
}

const presenceOf = ({ names }: Asks): Values => fc.constantFrom(...names);

const bare = fc.oneof(
  someText,
  fc.constantFrom(
    'git',
    'example',
    'münchen',
    'ПРИМЕР',
    '10.0.0.5',
    '192.168',
    '10.',
    '443',
    '2001:db8::1',
    'dns',
    'tls',
    'mqtt-connect',
  ),
  fc.constantFrom('-git', '!dns', '-10.0.0.5', 'nowhere', '-"say"'),
);
const protocols = fc.constantFrom('tcp', 'udp', 'icmp', 'icmpv6', 'dns', 'tls', 'mqtt_connect', 'ip', 'ipv6');

const test = (of: readonly Asks[]): Values => {
  const each = (make: (asked: Asks) => Values): Values => fc.oneof(...of.map(make));
  return fc.oneof(
    { weight: 5, arbitrary: each(compareOf) },
    each(setOf),
    { weight: 2, arbitrary: each(chipOf) },
    each(presenceOf),
    bare,
  );
};

/** Filters of one table. */
export function filterTexts(table: Asked): fc.Arbitrary<string> {
  const leaf =
    table === 'alerts'
      ? test([...ofAlerts, alertAddress])
      : fc.oneof({ weight: 6, arbitrary: test([...ofFlows, ...ofEvents]) }, protocols);
  const { filter } = fc.letrec<{ filter: string }>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      leaf,
      fc
        .tuple(tie('filter'), fc.constantFrom(' and ', ' && ', ' ', ' or ', ' || ', ' xor ', ' ^^ '), tie('filter'))
        .map((parts) => parts.join('')),
      fc.tuple(fc.constantFrom('not ', '!', ''), tie('filter')).map(([not, inner]) => `${not}(${inner})`),
    ),
  }));
  return filter;
}
