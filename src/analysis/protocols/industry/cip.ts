// Common Industrial Protocol (ODVA CIP volume 1): services, paths and statuses of messages, in EVE's words.

import { u16le, u32le } from '../../../core/index.ts';

export interface CipSegment {
  readonly segment_type: string;
  readonly value: number;
}

export interface CipRequest {
  service: string;
  class_name?: string;
  path?: CipSegment[];
  multiple?: CipRequest[];
}

export interface CipResponse {
  service: string;
  status?: string;
  status_extended?: string;
  multiple?: CipResponse[];
}

/** Segments of a path, and messages of a Multiple Service Packet, that are kept. */
const pathLimit = 16;
const multipleLimit = 32;
const multipleService = 0x0a;

const services: Readonly<Record<number, string>> = {
  1: 'get_attr_all',
  2: 'set_attr_all',
  3: 'get_attr_list',
  4: 'set_attr_list',
  5: 'reset',
  6: 'start',
  7: 'stop',
  8: 'create',
  9: 'delete',
  10: 'multiple_service',
  13: 'apply_attr',
  14: 'get_attr_single',
  16: 'set_attr_single',
  17: 'find_next_object_instance',
  20: 'error_response',
  21: 'restore',
  22: 'save',
  23: 'nop',
  24: 'get_member',
  25: 'set_member',
  26: 'insert_member',
  27: 'remove_member',
  28: 'group_sync',
  75: 'execute_pccc',
  76: 'read_tag',
  77: 'write_tag',
  78: 'read_modify_write_tag',
  82: 'read_tag_fragmented',
  83: 'write_tag_fragmented',
  84: 'forward_open',
  85: 'get_instance_attr_list',
  86: 'get_connection_data',
  91: 'large_forward_open',
};

/** Services whose codes mean something else in the Connection Manager. */
const managerServices: Readonly<Record<number, string>> = { 78: 'forward_close', 82: 'unconnected_send' };
const connectionManager = 6;

/** Services that change what a device holds or does. */
const changing = new Set([2, 4, 5, 6, 7, 8, 9, 16, 21, 22, 25, 26, 27, 0x4d, 0x53]);

const classes: Readonly<Record<number, string>> = {
  1: 'Identity',
  2: 'Message Router',
  3: 'DeviceNet',
  4: 'Assembly',
  5: 'Connection',
  6: 'Connection Manager',
  7: 'Register',
  8: 'Discrete Input Point',
  9: 'Discrete Output Point',
  10: 'Analog Input Point',
  11: 'Analog Output Point',
  14: 'Presence Sensing',
  15: 'Parameter',
  16: 'Parameter Group',
  55: 'File',
  100: 'Program Name',
  103: 'PCCC',
  107: 'Symbol',
  108: 'Template',
  142: 'Controller',
  172: 'Logix Controller',
  244: 'Port',
  245: 'TCP/IP Interface',
  246: 'Ethernet Link',
};

const statuses = [
  'success',
  'connection_failure',
  'resource_unavailable',
  'invalid_parameter_value',
  'path_segment_error',
  'path_destination_unknown',
  'partial_transfer',
  'connection_lost',
  'service_not_supported',
  'invalid_attribute_value',
  'attribute_list_error',
  'already_in_requested_mode',
  'object_state_conflict',
  'object_already_exists',
  'attribute_not_settable',
  'privilege_violation',
  'device_state_conflict',
  'reply_data_too_large',
  'fragmentation_of_primitive',
  'not_enough_data',
  'attribute_not_supported',
  'too_much_data',
  'object_does_not_exist',
];

const logicalTypes = ['class', 'instance', 'member', 'connection_point', 'attribute', 'special', 'service', 'extended'];

/** A message; `isResponse` is in its service's high bit. */
export interface CipMessage {
  readonly isResponse: boolean;
  readonly request: CipRequest | null;
  readonly response: CipResponse | null;
  readonly isChange: boolean;
}

export function readCip(b: Uint8Array, o: number, end: number): CipMessage | null {
  if (end - o < 2) return null;
  const isResponse = (b[o] & 0x80) !== 0;
  const isChange = !isResponse && changing.has(b[o]);
  if (isResponse) return { isResponse, request: null, response: readResponse(b, o, end, true), isChange };
  return { isResponse, request: readRequest(b, o, end, true), response: null, isChange };
}

function readRequest(b: Uint8Array, o: number, end: number, isOuter: boolean): CipRequest {
  const code = b[o];
  const pathEnd = Math.min(end, o + 2 + b[o + 1] * 2);
  const path = readPath(b, o + 2, pathEnd);
  const classOf = path.find((segment) => segment.segment_type === 'class')?.value;
  const special = classOf === connectionManager ? managerServices[code] : undefined;
  const request: CipRequest = { service: special ?? services[code] ?? `unknown-${code}` };
  if (path.length > 0) request.path = path;
  if (classOf !== undefined) request.class_name = classes[classOf] ?? `unknown-${classOf}`;
  if (code === multipleService && isOuter) {
    const inner: CipRequest[] = [];
    eachOf(b, pathEnd, end, (from, to) => inner.push(readRequest(b, from, to, false)));
    request.multiple = inner;
  }
  return request;
}

function readResponse(b: Uint8Array, o: number, end: number, isOuter: boolean): CipResponse {
  const code = b[o] & 0x7f;
  const response: CipResponse = { service: services[code] ?? `unknown-${code}` };
  if (end - o < 4) return response;
  const status = b[o + 2];
  const words = b[o + 3];
  response.status = statuses[status] ?? `unknown-${status}`;
  if (words > 0 && o + 6 <= end) response.status_extended = `${u16le(b, o + 4)}`;
  const at = o + 4 + words * 2;
  if (code === multipleService && isOuter && at < end) {
    const inner: CipResponse[] = [];
    eachOf(b, at, end, (from, to) => inner.push(readResponse(b, from, to, false)));
    response.multiple = inner;
  }
  return response;
}

/** Messages of a Multiple Service Packet: a count, an offset for each, and the messages. */
function eachOf(b: Uint8Array, o: number, end: number, take: (from: number, to: number) => void): void {
  if (end - o < 2) return;
  const count = u16le(b, o);
  for (let i = 0; i < count && i < multipleLimit && o + 4 + 2 * i <= end; i++) {
    const from = o + u16le(b, o + 2 + 2 * i);
    const isLast = i + 1 >= count || o + 6 + 2 * i > end;
    const to = isLast ? end : Math.min(end, o + u16le(b, o + 4 + 2 * i));
    if (from + 2 <= to) take(from, to);
  }
}

function readPath(b: Uint8Array, o: number, end: number): CipSegment[] {
  const path: CipSegment[] = [];
  let at = o;
  while (at < end && path.length < pathLimit) {
    const type = b[at];
    if (type >> 5 === 1) {
      // A logical segment: its kind, and a value of one, two (padded) or four bytes.
      const format = type & 3;
      const size = format === 0 ? 2 : format === 1 ? 4 : 6;
      if (format === 3 || at + size > end) break;
      const value = format === 0 ? b[at + 1] : format === 1 ? u16le(b, at + 2) : u32le(b, at + 2);
      path.push({ segment_type: logicalTypes[(type >> 2) & 7], value });
      at += size;
    } else if (type === 0x91) {
      // A tag's name; EVE has numbers only.
      at += 2 + b[at + 1] + (b[at + 1] & 1);
    } else if (type >> 5 === 0) {
      path.push({ segment_type: 'port', value: type & 15 });
      at += (type & 0x10) !== 0 ? 2 + b[at + 1] + (b[at + 1] & 1) : 2;
    } else break;
  }
  return path;
}
