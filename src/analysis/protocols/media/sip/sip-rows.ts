// Rows of Zeek's sip.log: a request and what answers it, paired as Zeek does. There is one row at a time: requests that come
// again go into it, each response writes it, a final one ends it.

import type { Conversation } from '../../protocol.ts';
import { type Head, leadingNumber, withoutPasswords } from '../head.ts';
import type { SipEvent, sipFields } from './fields.ts';

/** Characters kept of a way, all stations together. */
const pathLimit = 4096;

/** Header values without a part that begins with `;tag=` or `;branch`. */
const beforeTag = (value: string): string => value.split(/;[ ]?tag=/, 1)[0];
const beforeBranch = (value: string): string => value.split(/;[ ]?branch/, 1)[0];

/** The row of requests that one side makes. */
export class SipRow {
  readonly #conversation: Conversation<typeof sipFields>;
  #event: SipEvent | null = null;
  #timeUs = 0;

  constructor(conversation: Conversation<typeof sipFields>) {
    this.#conversation = conversation;
  }

  #open(): SipEvent {
    if (this.#event === null) {
      this.#event = { depth: 0, requestPath: [], responsePath: [] };
      this.#timeUs = this.#conversation.timeUs;
    }
    return this.#event;
  }

  /** @param told what was told of the request itself */
  request(head: Head, told: SipEvent): void {
    const row = this.#open();
    row.method = told.method;
    row.uri = told.uri;
    for (const { name, value } of head.headers) {
      switch (name) {
        case 'content-length':
        case 'l':
          row.requestBodyBytes = Math.max(0, leadingNumber(value));
          break;
        case 'date':
          row.date = value;
          break;
        case 'reply-to':
          row.replyTo = withoutPasswords(value);
          break;
        case 'via':
        case 'v':
          this.#station(row.requestPath, value, 'sip_max_request_path_length_exceeded');
      }
    }
    for (const name of ['requestFrom', 'requestTo', 'callId', 'cseq', 'subject', 'userAgent', 'contact'] as const) {
      if (told[name] !== undefined) row[name] = told[name];
    }
    for (const name of ['user', 'realm', 'authorization'] as const)
      if (told[name] !== undefined) row[name] = told[name];
    if (row.requestFrom !== undefined) row.requestFrom = beforeTag(row.requestFrom);
  }

  response(head: Head, code: number, told: SipEvent): void {
    const row = this.#open();
    row.statusCode = code;
    row.reason = told.reason;
    for (const { name, value } of head.headers) {
      switch (name) {
        case 'content-length':
        case 'l':
          row.responseBodyBytes = Math.max(0, leadingNumber(value));
          break;
        case 'warning':
          row.warning = value;
          break;
        case 'via':
        case 'v':
          this.#station(row.responsePath, value, 'sip_max_response_path_length_exceeded');
      }
    }
    for (const name of ['responseTo', 'contentType', 'server', 'latencyUs'] as const) {
      if (told[name] !== undefined) (row as Record<string, unknown>)[name] = told[name];
    }
    if (told.responseFrom !== undefined) row.responseFrom = beforeTag(told.responseFrom);
    this.#write();
    if (code < 100 || code >= 200 || row.method === undefined) this.#event = null;
  }

  /** Tells what is still open. */
  end(): void {
    if (this.#event !== null) this.#write();
    this.#event = null;
  }

  /** Adds a Via to a way. */
  #station(path: string[] | undefined, via: string, tooLong: string): void {
    if (path === undefined) return;
    const station = beforeBranch(via);
    let length = station.length;
    for (const one of path) length += one.length;
    if (length > pathLimit) this.#conversation.weird(tooLong);
    else path.push(station);
  }

  #write(): void {
    if (this.#event === null) return;
    const { requestPath = [], responsePath = [] } = this.#event;
    // The row goes on: its lists are not to change in what was told.
    const event = { ...this.#event, requestPath: [...requestPath], responsePath: [...responsePath] };
    this.#conversation.emit(event, { only: 'log', timeUs: this.#timeUs });
  }
}
