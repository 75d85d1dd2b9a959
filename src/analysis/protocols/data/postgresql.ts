// PostgreSQL, protocol 3 (PostgreSQL documentation, chapter 55): start-up, queries, copies and their results.

import { findByte, u32, wireText } from '../../../core/index.ts';
import {
  type Conversation,
  defineProtocol,
  type EmitOptions,
  notMine,
  type Side,
  startingWith,
  type Talk,
} from '../protocol.ts';
import {
  afterZero,
  authentications,
  countAt,
  cText,
  isPostgresqlFirst,
  postgresqlProbe,
  readNotice,
  readStartup,
  snake,
  special,
  tagRows,
} from './sql/postgresql-messages.ts';
import { fields, newRequest, type Request, summaryOf } from './sql/postgresql-requests.ts';
import { statementLimit, statementText } from './sql/statement.ts';

type Told = Conversation<typeof fields>;

/** Requests waiting for an answer. */
const pendingLimit = 64;
/** Prepared statements and portals whose text is remembered. */
const preparedLimit = 64;
const detailLimit = 16;
/** Bytes of a message that are waited for; the rest is skipped. */
const keptBytes = statementLimit + 1024;

class PostgresqlTalk implements Talk {
  readonly #told: Told;
  readonly #pending: Request[] = [];
  readonly #prepared = new Map<string, string>();
  readonly #portals = new Map<string, string>();
  #transactions = 0;
  /** The server's next byte answers a request for TLS or GSS. */
  #asksUpgrade = false;
  #isEnding = false;
  #user = '';
  #database = '';
  #application = '';
  #copyMessages = 0;
  #copyBytes = 0;

  constructor(told: Told) {
    this.#told = told;
  }

  data(side: Side, bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    while (at < end && !this.#isEnding) {
      if (side === 1 && this.#asksUpgrade) {
        this.#upgrade(bytes[at]);
        at++;
        continue;
      }
      // The first messages have no type; their length begins with a zero byte.
      const isBare = side === 0 && bytes[at] === 0;
      const typeBytes = isBare ? 0 : 1;
      if (end - at < 4 + typeBytes) break;
      const length = u32(bytes, at + typeBytes);
      if (length < 4 || length > 1 << 30) {
        if (this.#transactions === 0) return notMine;
        this.end();
        this.#told.done();
        break;
      }
      const body = at + typeBytes + 4;
      const need = Math.min(length - 4, keptBytes);
      if (end - body < need) break;
      const bodyEnd = Math.min(end, body + length - 4);
      if (isBare) {
        if (!this.#first(bytes, body, bodyEnd)) return notMine;
      } else if (side === 0) this.#client(bytes[at], bytes, body, bodyEnd, length - 4);
      else this.#server(bytes[at], bytes, body, bodyEnd, length - 4);
      at = body + length - 4;
    }
    return at - start;
  }

  end(): void {
    for (const request of this.#pending) this.#close(request, undefined);
    this.#pending.length = 0;
  }

  /** A message without a type: start-up, cancel, request for TLS or GSS. */
  #first(b: Uint8Array, o: number, end: number): boolean {
    if (end - o < 4) return false;
    const version = u32(b, o);
    if (version === special.tls || version === special.gss) {
      const isTls = version === special.tls;
      this.#ask(isTls ? 'ssl_request' : 'gss_request', { message: isTls ? 'SSL Request' : 'GSSENC Request' });
      this.#asksUpgrade = true;
      return true;
    }
    if (version === special.cancel) {
      if (end - o < 12) return false;
      const request = { message: 'cancel_request', process_id: u32(b, o + 4) };
      this.#ask('cancel_request', request);
      this.#finish(undefined);
      return true;
    }
    if (version >>> 16 !== 3) return false;
    const startup = readStartup(b, o + 4, end);
    this.#user = startup.user;
    this.#database = startup.database;
    this.#application = startup.application;
    this.#ask('startup', {
      protocol_version: `${version >>> 16}.${version & 0xffff}`,
      startup_parameters: {
        user: startup.user,
        ...(startup.optional.length > 0 && { optional_parameters: startup.optional }),
      },
    });
    return true;
  }

  #upgrade(answer: number): void {
    this.#asksUpgrade = false;
    const request = this.#pending[0];
    if (request === undefined) return;
    const isTls = request.frontend === 'ssl_request';
    const isAccepted = answer === (isTls ? 0x53 : 0x47);
    if (isTls) request.answered = { ssl_accepted: isAccepted };
    request.backends.push(isTls ? 'ssl_reply' : 'gss_reply');
    request.details.push(wireText(Uint8Array.of(answer), 0, 1));
    this.#finish(isAccepted);
    this.#told.confirm();
    if (!isAccepted) return;
    this.#isEnding = true;
    if (isTls) this.#told.become('tls');
    else this.#told.done();
  }

  #client(type: number, b: Uint8Array, o: number, end: number, length: number): void {
    switch (type) {
      case 0x51: {
        const statement = statementText(b, o, zeroOr(b, o, end));
        this.#ask('simple_query', { simple_query: statement }, statement);
        break;
      }
      case 0x70: // p
        this.#password(b, o, end);
        break;
      case 0x58: // X
        this.#ask('terminate', { message: 'termination_message' });
        this.#close(this.#pending.pop(), undefined);
        break;
      case 0x50: {
        const at = afterZero(b, o, end);
        remember(this.#prepared, cText(b, o, end), statementText(b, at, zeroOr(b, at, end)));
        break;
      }
      case 0x42: {
        const at = afterZero(b, o, end);
        remember(this.#portals, cText(b, o, end), this.#prepared.get(cText(b, at, end)) ?? '');
        break;
      }
      case 0x45: {
        const statement = this.#portals.get(cText(b, o, end)) ?? '';
        this.#ask('execute', { message: 'execute' }, statement);
        break;
      }
      case 0x46: // F
        this.#ask('function_call', { message: 'function_call' });
        break;
      case 0x64: // d
        this.#copyMessages++;
        this.#copyBytes += length;
        break;
      case 0x63: // c
      case 0x66: // f
        this.#copied(type === 0x63 ? 'copy_done' : 'copy_fail');
        break;
    }
  }

  /** The password itself, its digest, or SASL's words: none of them is told. */
  #password(b: Uint8Array, o: number, end: number): void {
    const request = this.#pending[0];
    if (request === undefined) return;
    const isSasl = request.details.at(-1)?.startsWith('SASL') === true;
    const asked: Record<string, unknown> = { password_redacted: true };
    if (isSasl && request.details.length === 1) asked.sasl_authentication_mechanism = snake(cText(b, o, end));
    request.asked = asked;
  }

  /** The client has sent all rows of a copy: EVE counts that as a request of its own. */
  #copied(message: string): void {
    const request = this.#pending[0];
    if (request === undefined) return;
    const counts = { msg_count: this.#copyMessages, data_size: this.#copyBytes };
    request.asked = { copy_data_in: counts, message };
    this.#copyMessages = 0;
    this.#copyBytes = 0;
  }

  #server(type: number, b: Uint8Array, o: number, end: number, length: number): void {
    const request = this.#pending[0];
    if (request === undefined) return;
    const { answered } = request;
    switch (type) {
      case 0x52: // R
        this.#authentication(request, b, o, end);
        return;
      case 0x53: // S
        if (request.frontend === 'startup') {
          const status = { [snake(cText(b, o, end))]: cText(b, afterZero(b, o, end), end) };
          answered.parameter_status ??= [];
          const list = answered.parameter_status as Record<string, string>[];
          if (list.length < 64) list.push(status);
        }
        return;
      case 0x4b: // K
        // The key behind it lets anybody cancel what is asked here.
        if (end - o >= 8) answered.process_id = u32(b, o);
        return;
      case 0x54: // T
        answered.field_count = countAt(b, o, end);
        return;
      case 0x44: // D
        request.rows++;
        answered.data_rows = request.rows;
        // A number of columns, and a length before each: what is left are the values.
        answered.data_size = Number(answered.data_size ?? 0) + Math.max(0, length - 2 - 4 * countAt(b, o, end));
        return;
      case 0x43: {
        const tag = cText(b, o, end);
        answered.command_completed = tag;
        request.affected = tagRows(tag) ?? request.affected;
        request.success ??= true;
        if (request.frontend === 'execute') this.#finish(true);
        return;
      }
      case 0x49: // I
        request.success ??= true;
        if (request.frontend === 'execute') this.#finish(true);
        return;
      case 0x73: // s
        if (request.frontend === 'execute') this.#finish(true);
        return;
      case 0x45: // E
      case 0x4e: // N
        this.#notice(request, type === 0x45, b, o, end);
        return;
      default:
        this.#other(request, type, b, o, end, length);
    }
  }

  #other(request: Request, type: number, b: Uint8Array, o: number, end: number, length: number): void {
    const { answered } = request;
    if (type === 0x47) {
      // The copy's rows come as a request of their own in EVE; this line ends here.
      answered.copy_in_response = { columns: countAt(b, o + 1, end) };
      this.#emitEve(request);
    } else if (type === 0x48) answered.copy_out_response = { columns: countAt(b, o + 1, end) };
    else if (type === 0x64) {
      answered.copy_data_out ??= { row_count: 0, data_size: 0 };
      const out = answered.copy_data_out as Record<string, number>;
      out.row_count++;
      out.data_size += length;
      request.rows++;
    } else if (type === 0x5a && request.frontend !== 'execute') {
      this.#told.confirm();
      this.#finish(request.success ?? true);
    }
  }

  #authentication(request: Request, b: Uint8Array, o: number, end: number): void {
    if (end - o < 4) return;
    const kind = u32(b, o);
    const names = authentications[kind];
    if (names === undefined) return;
    this.#told.confirm();
    const { answered } = request;
    if (kind === 5) answered.authentication_md5_password = wireText(b, o + 4, Math.min(end, o + 8));
    else if (kind !== 12) answered.message = names[0];
    if (kind === 0) {
      request.backends.length = 0;
      request.backends.push('auth_ok');
      return;
    }
    if (request.details.length < detailLimit) {
      request.backends.push('auth_request');
      request.details.push(names[1]);
    }
    if (kind !== 12) this.#emitEve(request);
  }

  #notice(request: Request, isError: boolean, b: Uint8Array, o: number, end: number): void {
    const { values, summary } = readNotice(b, o, end);
    const { answered } = request;
    const named = {
      severity_localizable: values.S,
      severity_non_localizable: values.V,
      code: values.C,
      message: values.M,
      file: values.F,
      line: values.L,
      routine: values.R,
    };
    for (const [name, value] of Object.entries(named)) if (value !== undefined) answered[name] = value;
    if (request.details.length < detailLimit) request.details.push(summary);
    if (!isError) return;
    if (request.backends.length < detailLimit) request.backends.push('error');
    request.success = false;
    request.error = values.M ?? '';
    request.errorCode = values.C ?? '';
    const isFatal = values.S === 'FATAL' || values.V === 'FATAL' || values.S === 'PANIC';
    if (isFatal || request.frontend === 'execute') this.#finish(false);
  }

  #ask(frontend: string, asked: Record<string, unknown>, statement = ''): void {
    if (this.#pending.length >= pendingLimit) this.#pending.shift();
    this.#pending.push(newRequest(frontend, statement, asked, this.#told.timeUs));
  }

  #finish(success: boolean | undefined): void {
    const request = this.#pending.shift();
    if (request === undefined) return;
    // After an error all that was sent before the next Sync is passed over by the server.
    this.#close(request, success);
  }

  /** One of EVE's lines of a request that goes on. */
  #emitEve(request: Request, options: EmitOptions = { only: 'eve' }): void {
    const { asked, answered } = request;
    const hasAsked = Object.keys(asked).length > 0;
    const hasAnswered = Object.keys(answered).length > 0;
    if (!hasAsked && !hasAnswered) return;
    this.#told.emit(
      {
        transaction: ++this.#transactions,
        ...(hasAsked && { request: asked }),
        ...(hasAnswered && { response: answered }),
        ...(request.frontend === 'execute' && request.statement !== '' && { statement: request.statement }),
      },
      options,
    );
    request.asked = {};
    request.answered = {};
  }

  #close(request: Request | undefined, success: boolean | undefined): void {
    if (request === undefined) return;
    this.#emitEve(request);
    const who = {
      ...(this.#user !== '' && { user: this.#user, database: this.#database }),
      ...(this.#application !== '' && { application: this.#application }),
    };
    const event = { ...who, ...summaryOf(request, success, this.#told.timeUs) };
    this.#told.emit(event, { only: 'log', timeUs: request.startUs });
  }
}

const zeroOr = (b: Uint8Array, o: number, end: number): number => {
  const zero = findByte(b, o, end, 0);
  return zero < 0 ? end : zero;
};

function remember(map: Map<string, string>, key: string, value: string): void {
  const first = map.keys().next();
  if (map.size >= preparedLimit && !map.has(key) && first.done === false) map.delete(first.value);
  map.set(key, value);
}

export const postgresql = defineProtocol({
  name: 'postgresql',
  title: 'PostgreSQL',
  eveType: 'pgsql',
  eveApp: 'pgsql',
  zeekLog: 'postgresql',
  zeekService: 'postgresql',
  family: 'data',
  ports: { tcp: [5432, 5433] },
  fields,
  probe: startingWith(isPostgresqlFirst, postgresqlProbe),
  open: (conversation) => new PostgresqlTalk(conversation),
});
