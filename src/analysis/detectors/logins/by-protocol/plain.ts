// Password guessing by services whose events say how a login went, one detector each.

import { defineGuessing, type Guessing, type GuessingDetector } from '../guessing.ts';
import { sqlReaders } from '../readers/databases.ts';
import { ftpReaders, imapReaders, pop3Readers, smtpReaders } from '../readers/mail-and-files.ts';
import { brokerReaders, radiusReaders, socksReaders, telnetReaders, vncReaders } from '../readers/remote.ts';
import { kerberosReaders, ldapReaders, ntlmReaders, smbReaders } from '../readers/windows.ts';

const guessing = (
  service: Guessing['service'],
  what: string,
  readers: Guessing['readers'],
  more: Partial<Guessing> = {},
): GuessingDetector =>
  defineGuessing({
    name: `brute.${service}`,
    title: `Password guessing ${what}`,
    service,
    severity: 'high',
    failures: 10,
    windowSec: 300,
    readers,
    ...more,
  });

export const guessingByService: readonly GuessingDetector[] = [
  guessing('ftp', 'by FTP', () => ftpReaders, { hint: 4 }),
  guessing('smtp', 'by SMTP', () => smtpReaders),
  guessing('pop3', 'by POP3', () => pop3Readers),
  guessing('imap', 'by IMAP', () => imapReaders),
  guessing('telnet', 'by Telnet', () => telnetReaders, { hint: 4 }),
  guessing('vnc', 'by VNC', () => vncReaders, { mitre: 'T1110' }),
  guessing('smb', 'by SMB', () => smbReaders, {
    benign: 'A locked account that a service or a saved drive still uses.',
  }),
  guessing('kerberos', 'by Kerberos', kerberosReaders, {
    benign: 'A locked account that a service still uses.',
  }),
  guessing('ldap', 'by LDAP', () => ldapReaders),
  guessing('ntlm', 'by NTLM', () => ntlmReaders),
  guessing('sql', 'at a database', () => sqlReaders, { severity: 'medium' }),
  guessing('socks', 'at a proxy', () => socksReaders, { severity: 'medium' }),
  guessing('broker', 'at a message broker', () => brokerReaders, { severity: 'medium' }),
  // Who asks is a switch or gateway: its users fail in its name.
  guessing('radius', 'by RADIUS', () => radiusReaders, { severity: 'low' }),
];
