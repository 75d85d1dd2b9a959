// Proves that each mail of an SMTP connection is told once with envelope, headers and answer, pipelined, chunked or cut anywhere.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesOf, converse, type Step } from '../golden/converse.ts';
import { defineProtocol } from '../protocol.ts';
import { smtp } from './smtp.ts';

const c = (text: string): Step => ({ side: 0, bytes: bytesOf(`'${text}`) });
const s = (text: string): Step => ({ side: 1, bytes: bytesOf(`'${text}`) });

const mail = [
  'Received: from b.example ([192.0.2.2])\r\n\tby c.example; Mon, 6 May 2024 10:00:00 +0000\r\n',
  'Received: from a.example (a.example [192.0.2.1])\r\n by b.example; Mon, 6 May 2024 09:59:00 +0000\r\n',
  'From: "Roe, Jane" <jane@a.example>\r\nTo: "Doe, John" <john@d.example>, max@d.example\r\nCc: \r\n',
  'Subject: hello\r\n there\r\nMessage-ID: <1@a.example>\r\nX-Mailer: Pigeon 2\r\nX-Originating-IP: [198.51.100.7]\r\n',
  'Content-Type: multipart/mixed; boundary="=_b"\r\n\r\n',
  '--=_b\r\nContent-Type: text/plain\r\n\r\n..dots\r\nTo: nobody\r\n',
  '--=_b\r\nContent-Disposition: attachment;\r\n filename*0="long ";\r\n filename*1="name.pdf"\r\n\r\nAAAA\r\n--=_b--\r\n.\r\n',
].join('');

const steps: Step[] = [
  s('220-mx.example ESMTP\r\n220 ready\r\n'),
  c('EHLO client.example\r\n'),
  s('250-mx.example\r\n250-PIPELINING\r\n250 CHUNKING\r\n'),
  c('MAIL FROM:<jane@a.example> SIZE=500\r\nRCPT TO:<john@d.example>\r\nRCPT TO: <max@d.example>\r\nDATA\r\n'),
  s('250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n'),
  c(mail),
  s('250 queued as 7\r\n'),
  c('QUIT\r\n'),
  s('221 bye\r\n'),
];

describe('one mail', () => {
  const heard = converse([smtp], steps, { rPort: 25 });
  const [eve, log] = heard.told;

  test('is told for EVE when it was answered, for logs from when it began', () => {
    expect(heard.told.map((one) => one.options.only)).toEqual(['eve', 'log', 'eve', 'log', 'log']);
    expect(eve.timeUs).toBe(1_007_000);
    expect(log.timeUs).toBeLessThan(eve.timeUs);
  });

  test('has envelope, headers, attachments and the way it came', () => {
    expect(log.event).toMatchObject({
      helo: 'client.example',
      mailFrom: '<jane@a.example>',
      sender: 'jane@a.example',
      rcptTo: ['<john@d.example>', '<max@d.example>'],
      recipients: ['john@d.example', 'max@d.example'],
      status: 'PARSE_DONE',
      from: '"Roe, Jane" <jane@a.example>',
      to: ['"Doe, John" <john@d.example>', 'max@d.example'],
      subject: 'hello there',
      messageId: '<1@a.example>',
      userAgent: 'Pigeon 2',
      originatingIp: '198.51.100.7',
      attachments: ['long name.pdf'],
      path: ['127.0.0.2', '127.0.0.1', '192.0.2.2', '192.0.2.1'],
      depth: 1,
      lastReply: '250 queued as 7',
      isTls: false,
    });
    expect(log.event.cc).toBeUndefined();
    expect(log.event.firstReceived).toMatch(/^from a.example/);
    expect(log.event.received).toHaveLength(2);
    expect(heard.weird).toEqual([]);
  });

  test('has a file of each attachment, as long as it is once decoded', () => {
    const parts = [
      'Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nno name\r\n',
      '--b\r\nContent-Type: a/b; name=one.bin\r\nContent-Transfer-Encoding: base64\r\n\r\nAAECAw==\r\n',
      '--b\r\nContent-Disposition: attachment; filename=two.txt\r\n\r\nab\r\n-- \r\n..cd\r\n',
      '--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: y\r\nContent-Disposition: inline; filename=in\r\n\r\nxyz\r\n',
      '--b--\r\n.\r\n',
    ].join('');
    for (const pieces of [1, 3, 1000]) {
      const { told } = converse([smtp], [...steps.slice(0, 5), c(parts), s('250 ok\r\n')], { pieces, rPort: 25 });
      expect(
        told.filter((one) => one.kind === 'file' && one.options.only === 'eve').map((one) => one.event),
      ).toMatchObject([
        { appProto: 'smtp', shownName: 'one.bin', size: 4, state: 'CLOSED', smtp: { helo: 'client.example' } },
        { shownName: 'two.txt', size: 12, email: { status: 'PARSE_DONE', attachment: ['one.bin', 'two.txt', 'in'] } },
        { shownName: 'in', size: 3, state: 'CLOSED' },
      ]);
    }
  });

  test('is the same in pieces', () => {
    for (const pieces of [1, 2, 3, 100]) {
      const again = converse([smtp], steps, { pieces, rPort: 25 });
      expect(again.told.map((one) => one.event)).toEqual(heard.told.map((one) => one.event));
      expect(again.kept).toBe(0);
    }
  });
});

const fileRows = (told: readonly { kind: string; options: { only?: string }; event: unknown }[]) =>
  told.filter((one) => one.kind === 'file' && one.options.only === 'log').map((one) => one.event);

test('parts are files: told by depth, type and length, and named in the line of their mail', () => {
  const parts = [
    'Content-Type: multipart/mixed; boundary=b\r\n\r\npreamble\r\n--b\r\n\r\nhello you there\r\n',
    '--b\r\nContent-Transfer-Encoding: base64\r\nContent-Type: image/png; name=a.png\r\n\r\niVBORw0KGgoAAAAN\r\n',
    '--b\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=3Chtml>=\r\n=20</html>\r\n--b\r\n\r\n--b--\r\n.\r\n',
  ].join('');
  const { told } = converse([smtp], [...steps.slice(0, 5), c(parts), s('250 ok\r\n'), ...steps.slice(3, 7)], {
    rPort: 25,
  });
  const rows = fileRows(told) as Record<string, unknown>[];
  expect(rows).toMatchObject([
    { source: 'SMTP', depth: 2, mimeType: 'text/plain', seenBytes: 15, isOrig: true },
    { depth: 3, mimeType: 'image/png', filename: 'a.png', seenBytes: 12 },
    { depth: 4, mimeType: 'text/html', seenBytes: 14 },
    { depth: 7, seenBytes: 17 },
    { depth: 8, filename: 'long name.pdf' },
  ]);
  const mails = told.filter((one) => one.kind === 'smtp' && one.options.only === 'log');
  expect(mails.flatMap((one) => one.event.fuids)).toEqual(rows.map((row) => row.fuid));
  expect(new Set(rows.map((row) => row.fuid)).size).toBe(5);
});

const logOf = (told: Step[], rPort = 25) =>
  converse([smtp], told, { rPort })
    .told.filter((one) => one.kind === 'smtp' && one.options.only !== 'eve')
    .map((one) => one.event);

test('BDAT takes chunks by length, whatever stands in them', () => {
  const told = logOf([
    ...steps.slice(0, 3),
    c('MAIL FROM:<a@x.example>\r\nRCPT TO:<b@x.example>\r\nBDAT 17\r\nSubject: .\r\n.\r\n\r\nBDAT 6 LAST\r\nRSET\r\n'),
    s('250 ok\r\n250 ok\r\n250 chunk\r\n250 done\r\n'),
  ]);
  expect(told).toMatchObject([{ subject: '.', messageBytes: 23, lastReply: '250 done' }]);
});

test('a reset or a greeting anew ends a mail, a refused greeting does not', () => {
  const begun = [...steps.slice(0, 3), c('MAIL FROM:<a@x.example>\r\n'), s('250 ok\r\n')];
  expect(logOf([...begun, c('RSET\r\n'), s('250 reset\r\n')])).toMatchObject([{ lastReply: '250 reset' }]);
  expect(logOf([...begun, c('EHLO again\r\n'), s('250 hi\r\n'), c('MAIL FROM:<>\r\n')])).toMatchObject([
    { helo: 'again', mailFrom: '<a@x.example>' },
    { mailFrom: '<>' },
  ]);
  expect(logOf([...begun, c('EHLO\r\n'), s('501 no\r\n'), ...steps.slice(3, 7)])).toHaveLength(2);
});

test('refused DATA leaves a connection of commands', () => {
  const told = logOf([
    ...steps.slice(0, 3),
    c('DATA\r\n'),
    s('503 first MAIL\r\n'),
    c('MAIL FROM:<a@x.example>\r\nRCPT TO:<b@x.example>\r\nDATA\r\n'),
    s('250 ok\r\n250 ok\r\n354 go\r\n'),
    c('\r\nhello\r\n.\r\n'),
    s('250 done\r\n'),
  ]);
  expect(told).toMatchObject([{ mailFrom: '<a@x.example>', lastReply: '250 done' }]);
});

test('one side alone tells its mails', () => {
  const client = steps.filter((step) => step.side === 0);
  expect(logOf([...client, ...client])).toHaveLength(2);
});

test('logins keep the user and nothing else', () => {
  const login = [
    ...steps.slice(0, 3),
    c('AUTH LOGIN\r\n'),
    s('334 VXNlcm5hbWU6\r\n'),
    c('amFuZQ==\r\n'),
    s('334 UGFzc3dvcmQ6\r\n'),
    c('czNjcjN0\r\n'),
    s('235 ok\r\n'),
    ...steps.slice(3),
  ];
  const heard = converse([smtp], login, { rPort: 587 });
  expect(heard.events()[0]).toMatchObject({ authMechanism: 'LOGIN', user: 'jane', isLoggedIn: true });
  expect(JSON.stringify(heard.told)).not.toMatch(/s3cr3t|czNjcjN0/);
  const plain = [...steps.slice(0, 3), c('AUTH PLAIN AGphbmUAczNjcjN0\r\n'), s('535 no\r\n'), c('QUIT\r\n')];
  const outcome = { user: 'jane', isLoggedIn: false };
  const { told } = converse([smtp], plain);
  expect(told.map((one) => one.event)).toMatchObject([outcome, outcome]);
  expect(told.map((one) => one.options.only)).toEqual(['step', 'eve']);
  const ntlm = [
    ...steps.slice(0, 3),
    c('AUTH NTLM\r\n'),
    s('334 \r\n'),
    c('TlRMTVNTUAADAAAAAAAAAEAAAAAAAAAAQAAAAAAAAABAAAAACAAIAEAAAAAAAAAAQAAAAAAAAABAAAAAAQAAAGoAYQBuAGUA\r\n'),
    s('235 ok\r\n'),
  ];
  expect(converse([smtp], ntlm).events()[0]).toMatchObject({ authMechanism: 'NTLM', user: 'jane', isLoggedIn: true });
});

test('after STARTTLS another protocol has the rest', () => {
  let seen = 0;
  const tls = defineProtocol({
    name: 'tls',
    title: 'TLS',
    family: 'web',
    fields: {},
    open: () => ({
      data: (_side, _b, at, end) => {
        seen += end - at;
        return end - at;
      },
    }),
  });
  const heard = converse([smtp, tls], [...steps.slice(0, 3), c('STARTTLS\r\n'), s('220 go\r\n'), c('xyz'), s('uv')]);
  expect(heard.names).toEqual(['smtp', 'tls']);
  expect(heard.events()[1]).toMatchObject({ isTls: true, lastReply: '220 go' });
  expect(seen).toBe(5);
});

test('it is known from either side, and from its port', () => {
  expect(converse([smtp], [s('220 mx ESMTP\r\n')]).names).toEqual(['smtp']);
  expect(converse([smtp], [c('EHLO x\r\n')]).names).toEqual(['smtp']);
  expect(converse([smtp], [s('220 ready\r\n')]).names).toEqual([]);
  expect(converse([smtp], [s('220 ready\r\n')], { rPort: 25 }).how).toBe('pattern');
  const turned = steps.map((step) => ({ ...step, side: step.side === 0 ? 1 : 0 }) as Step);
  expect(converse([smtp], turned).events()).toMatchObject([{ subject: 'hello there' }, { depth: 1 }]);
});

test('bounds hold and nothing breaks it', () => {
  const many = converse([smtp], [...steps.slice(0, 4), c('RCPT TO:<x@y.example>\r\n'.repeat(3000))]);
  expect(many.threw).toEqual([]);
  const long = converse(
    [smtp],
    [...steps.slice(0, 5), c(`Subject: ${'x'.repeat(200_000)}\r\n\r\n.\r\n`), s('250 ok\r\n')],
  );
  expect(String(long.events()[0].subject).length).toBeLessThan(5000);
  expect(long).toMatchObject({ bounded: [], kept: 0 });
  for (let length = 0; length < mail.length; length += 3) {
    expect(converse([smtp], [...steps.slice(0, 5), c(mail.slice(0, length))]).threw).toEqual([]);
  }
  fc.assert(
    fc.property(fc.nat(7), fc.nat(900), fc.uint8Array({ maxLength: 12 }), (which, where, noise) => {
      const hurt = steps.map((step, i) => {
        if (i !== which || step.bytes === undefined) return step;
        const copy = step.bytes.slice();
        copy.set(noise.subarray(0, Math.max(0, copy.length - (where % copy.length))), where % copy.length);
        return { side: step.side, bytes: copy };
      });
      expect(converse([smtp], hurt, { rPort: 25, pieces: 50 }).threw).toEqual([]);
    }),
    { numRuns: 200 },
  );
});
