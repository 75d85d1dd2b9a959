// The state of an FTP control connection: commands and their replies, who is logged in, which data connections are due.

import { formatAddress, masked, nextLine, wireText } from '../../../core/index.ts';
import { type Conversation, notMine, otherSide, type Side, type Talk } from '../protocol.ts';
import { type DataAddress, readExtendedPassive, readExtendedPort, readPort } from './ftp-address.ts';
import { eveOf, FtpCommand, fileVerbs, type ftpFields, loggedVerbs, logOf, transferVerbs } from './ftp-command.ts';
import { type FtpTransfer, newTransfer } from './ftp-data.ts';
import { pathIn, urlOf, walk } from './ftp-path.ts';

/** Bytes of a line that are read, characters of a user's name, commands without a reply, odd lines. */
const lineBytes = 4096;
const nameChars = 128;
const pendingLimit = 20;
const strayLimit = 25;
/** Whose password is no secret: a mail address by custom (RFC 1635). */
const guests = new Set(['anonymous', 'ftp']);
/** Commands whose argument is a secret: a password, an account, messages of a security exchange (RFC 2228). */
const secretVerbs = new Set(['PASS', 'ACCT', 'ADAT', 'MIC', 'CONF', 'ENC']);

export class FtpTalk implements Talk {
  readonly #conversation: Conversation<typeof ftpFields>;
  #pending: FtpCommand[] = [];
  /** What the server says unasked, until its last line. */
  #unasked: FtpCommand | null = null;
  /** The last command answered: what comes before the next one still changes its line in the log. */
  #last: FtpCommand | null = null;
  /** Code of a reply of several lines that is not over. */
  #openCode: string | null = null;
  #user: string | null = null;
  #password: string | null = null;
  #directory = '.';
  #transfer: FtpTransfer | null = null;
  #isSwapped: boolean | null = null;
  readonly #isSkipping: [boolean, boolean] = [false, false];
  #lines = 0;
  #strayLines = 0;
  /** Somebody logged in: odd lines are no reason to look away any more. */
  #isProven = false;
  #isTls = false;

  constructor(conversation: Conversation<typeof ftpFields>) {
    this.#conversation = conversation;
  }

  data(given: Side, b: Uint8Array, at: number, end: number): number {
    let side = given;
    if (this.#isSwapped === null) {
      this.#isSwapped = isDigit(b[at]) !== (side === 1);
      if (this.#isSwapped) {
        this.#conversation.swap();
        side = otherSide(side);
      }
    }
    let o = at;
    while (o < end && !this.#isTls) {
      const next = nextLine(b, o, end);
      if (next < 0 && end - o < lineBytes) break;
      if (next < 0 && this.#lines === 0) return notMine;
      const stop = next < 0 ? end : next;
      if (!this.#isSkipping[side]) this.#line(side, b, o, stop);
      this.#isSkipping[side] = next < 0;
      if (this.#strayLines > strayLimit && !this.#isProven) return notMine;
      o = stop;
    }
    return o - at;
  }

  gap(): void {
    // Which reply is whose cannot be told any more.
    for (const command of this.#pending) this.#tell(command);
    this.#pending = [];
    this.#openCode = null;
  }

  end(): void {
    this.#flush();
    for (const command of this.#pending) this.#tell(command);
    this.#pending = [];
  }

  #line(side: Side, b: Uint8Array, at: number, next: number): void {
    this.#lines++;
    let end = next;
    while (end > at && (b[end - 1] === 0x0a || b[end - 1] === 0x0d)) end--;
    const stop = Math.min(end, at + lineBytes);
    if (side === 0) this.#readCommand(b, at, stop, stop < end || next - at >= lineBytes);
    else this.#readReply(b, at, stop, stop < end);
  }

  // --- commands --------------------------------------------------------------------------------------------------

  #readCommand(b: Uint8Array, at: number, end: number, isCut: boolean): void {
    let o = at;
    // Telnet's interrupt and synch go ahead of an ABOR (RFC 959 §4.1.3).
    while (o < end && b[o] >= 0xf0) o++;
    let space = o;
    while (space < end && b[space] !== 0x20) space++;
    if (!isWord(b, o, space)) {
      this.#strayLines++;
      return;
    }
    const verb = wireText(b, o, space).toUpperCase();
    const argument = wireText(b, Math.min(end, space + 1), end);
    this.#flush();
    if (this.#pending.length >= pendingLimit) {
      this.#conversation.weird('FTP_too_many_pending_commands');
      const oldest = this.#pending.shift();
      if (oldest !== undefined) this.#tell(oldest);
    }
    const command = new FtpCommand(verb, argument, isCut, this.#conversation.timeUs);
    this.#pending.push(command);
    this.#note(command);
  }

  /** What a command changes by itself. */
  #note(command: FtpCommand): void {
    const { verb, argument } = command;
    if (verb === null) return;
    if (verb === 'USER') {
      this.#user = argument.slice(0, nameChars);
      this.#password = null;
    } else if (secretVerbs.has(verb)) {
      const isGuest = verb === 'PASS' && guests.has(this.#user?.toLowerCase() ?? '');
      if (argument !== '' && !isGuest) command.shownArgument = masked;
      if (verb === 'PASS') this.#password = isGuest ? argument.slice(0, nameChars) : '<hidden>';
    } else if (verb === 'SITE') {
      // Servers let users change their passwords so: `SITE PSWD old new`.
      command.shownArgument = argument.replace(/^(\s*\w*(?:pswd|pass|passwd|password))\s.*$/i, `$1 ${masked}`);
    } else if (verb === 'PORT' || verb === 'EPRT') {
      const address = verb === 'PORT' ? readPort(argument) : readExtendedPort(argument);
      if (address !== null) this.#announce(command, address, false);
    }
    if (fileVerbs.has(verb)) {
      command.url = urlOf(this.#conversation.address(1), this.#directory, argument);
    }
    if (transferVerbs.has(verb) && this.#transfer !== null) {
      command.transfer = this.#transfer;
      this.#transfer.command = verb;
      this.#transfer.user = this.#user;
      const isFile = verb === 'RETR' || verb === 'STOR' || verb === 'APPE' || verb === 'STOU';
      if (isFile) this.#transfer.fileName = argument === '' ? `<${verb.toLowerCase()}>` : argument;
    }
  }

  #announce(command: FtpCommand, address: DataAddress, isPassive: boolean): void {
    const conversation = this.#conversation;
    const side = isPassive ? 1 : 0;
    const own = conversation.addressWords(side);
    const words = address.words ?? own;
    const { ipVersion, port } = address;
    const [a, b, c, d] = words;
    const to = formatAddress(ipVersion, a, b, c, d);
    command.channel = { isPassive, from: conversation.address(isPassive ? 0 : 1), to, port };
    this.#transfer = newTransfer(this.#user);
    const given = this.#transfer;
    conversation.expect({ proto: 6, address: { ipVersion, words }, port, protocol: 'ftp-data', given });
    // Behind address translation the address said is not the one that is used.
    if (words.some((word, i) => (word | 0) !== (own[i] | 0))) {
      const real = { ipVersion: conversation.ipVersion, words: own };
      conversation.expect({ proto: 6, address: real, port, protocol: 'ftp-data', given });
    }
  }

  // --- replies ---------------------------------------------------------------------------------------------------

  #readReply(b: Uint8Array, at: number, end: number, isCut: boolean): void {
    const hasCode = end - at >= 3 && isDigit(b[at]) && isDigit(b[at + 1]) && isDigit(b[at + 2]);
    const code = hasCode ? wireText(b, at, at + 3) : null;
    this.#unasked ??= new FtpCommand(null, '', false, this.#conversation.timeUs);
    const into = this.#pending[0] ?? this.#unasked;
    const isText = code === null || (end - at > 3 && b[at + 3] !== 0x20 && b[at + 3] !== 0x2d);
    if (isText) {
      // Inside a reply of several lines anything may stand.
      if (this.#openCode === null) {
        this.#strayLines++;
      } else into.line(null, wireText(b, at, end), isCut);
      return;
    }
    const message = wireText(b, Math.min(end, at + 4), end);
    into.line(code, message, isCut);
    if (b[at + 3] === 0x2d && end > at + 3) {
      this.#openCode ??= code;
      return;
    }
    this.#openCode = null;
    this.#reply(into, Number(code), message);
  }

  #reply(command: FtpCommand, code: number, message: string): void {
    const shown = command.verb === null ? this.#last : command;
    if (shown !== null) {
      shown.replyCode = code;
      shown.replyMessage = message;
    }
    if (command.verb !== null) this.#learn(command, code, message);
    // The last word is still to come.
    if (code < 200) return;
    command.isDone = true;
    if (command.verb === null) {
      this.#unasked = null;
      this.#conversation.emit(eveOf(command, this.#user), { side: 1, only: 'eve' });
      return;
    }
    this.#pending.shift();
    this.#conversation.emit(eveOf(command, this.#user), { only: 'eve' });
    this.#last = command;
    if (command.verb === 'AUTH' && code === 234) this.#startTls(command.argument);
  }

  #learn(command: FtpCommand, code: number, message: string): void {
    const { verb, argument } = command;
    if (code === 230 || (code === 331 && verb === 'USER')) this.#isProven = true;
    if (code === 230) this.#conversation.confirm();
    if (code === 150 && verb === 'RETR') {
      const sizes = message.match(/\d{1,15}/g);
      if (sizes !== null) command.fileBytes = Number(sizes[sizes.length - 1]);
    } else if (verb === 'PASV' && code === 227) {
      const address = readPort(message);
      if (address !== null) this.#announce(command, address, true);
    } else if (verb === 'EPSV' && code === 229) {
      const address = readExtendedPassive(message, this.#conversation.ipVersion === 6 ? 6 : 4);
      if (address !== null) this.#announce(command, address, true);
    } else if (verb === 'CWD' && code === 250) {
      this.#directory = walk(this.#directory, argument);
    } else if (verb === 'CDUP' && (code === 200 || code === 250)) {
      this.#directory = walk(this.#directory, '..');
    } else if ((verb === 'PWD' || verb === 'XPWD') && code === 257) {
      this.#directory = pathIn(message) ?? this.#directory;
    }
  }

  #startTls(mechanism: string): void {
    if (!/^(TLS|SSL)/i.test(mechanism)) return;
    this.#conversation.confirm();
    this.#isTls = true;
    this.#conversation.become('tls');
  }

  // --- events ----------------------------------------------------------------------------------------------------

  /** A command without a reply. */
  #tell(command: FtpCommand): void {
    this.#conversation.emit(eveOf(command, this.#user), { only: 'eve' });
    this.#log(command);
  }

  /** The line of the last command that was answered: nothing changes it any more. */
  #flush(): void {
    if (this.#last !== null) this.#log(this.#last);
    this.#last = null;
  }

  #log(command: FtpCommand): void {
    if (command.verb === null || !loggedVerbs.has(command.verb)) return;
    const event = logOf(command, this.#user, this.#password);
    this.#conversation.emit(event, { only: 'log', timeUs: command.timeUs });
  }
}

function isDigit(c: number): boolean {
  return c >= 0x30 && c <= 0x39;
}

/** Three to eight letters. */
function isWord(b: Uint8Array, at: number, end: number): boolean {
  if (end - at < 3 || end - at > 8) return false;
  for (let i = at; i < end; i++) {
    const c = b[i] | 0x20;
    if (c < 0x61 || c > 0x7a) return false;
  }
  return true;
}
