// What NFS calls are about: names and handles in the arguments, handles and sizes in the results.

import { crc32 } from './crc32.ts';
import type { RpcCall, RpcReply } from './message.ts';
import { nfsProcedureName, operations4 } from './nfs-names.ts';
import { type XdrCursor, xdrNumber, xdrOpaque, xdrSkip, xdrText } from './xdr.ts';

export interface NfsCall {
  readonly procedure: string;
  name: string;
  newName: string;
  /** Check sum of the handle, as EVE shows it; empty when it shows none for the procedure. */
  handleHash: string;
  /** Handle that is read or written. */
  handle: string;
}

const named = new Set(['LOOKUP', 'CREATE', 'MKDIR', 'REMOVE', 'RMDIR', 'RENAME']);
/** Shown by the handle they are about. */
const direct = new Set(['ACCESS', 'READ', 'WRITE', 'COMMIT']);
const version2HandleBytes = 32;

/** Check sum of a handle in the arguments or results. */
function handleAt(cursor: XdrCursor, version: number): string {
  if (version === 2) {
    const { at } = cursor;
    xdrSkip(cursor, version2HandleBytes);
    return cursor.isFailed ? '' : crc32(cursor.b, at, at + version2HandleBytes).toString(16);
  }
  const { at, length } = xdrOpaque(cursor);
  return length === 0 ? '' : crc32(cursor.b, at, at + length).toString(16);
}

export function readNfsCall(call: RpcCall): NfsCall {
  const { version, rest } = call;
  if (version > 3) return readCompound(call);
  const procedure = nfsProcedureName(version, call.procedure);
  const nfs: NfsCall = { procedure, name: '', newName: '', handleHash: '', handle: '' };
  if (procedure === 'NULL') return nfs;
  nfs.handle = handleAt(rest, version);
  if (named.has(procedure)) {
    nfs.name = xdrText(rest);
    // A lookup shows the handle that it gives.
    if (procedure !== 'LOOKUP') nfs.handleHash = nfs.handle;
    if (procedure === 'RENAME') {
      handleAt(rest, version);
      nfs.newName = xdrText(rest);
    }
  } else if (direct.has(procedure)) nfs.handleHash = nfs.handle;
  return nfs;
}

const operationLimit = 16;
/** Operations before or behind the one that a compound is about. */
const preparing = new Set([9, 10, 22, 23, 24, 31, 32, 53]);

/** Version 4: a tag, a minor version and several operations. Reading ends with one whose arguments are not known. */
function readCompound(call: RpcCall): NfsCall {
  const nfs: NfsCall = {
    procedure: nfsProcedureName(4, call.procedure),
    name: '',
    newName: '',
    handleHash: '',
    handle: '',
  };
  if (call.procedure !== 1) return nfs;
  const { rest } = call;
  xdrText(rest);
  xdrNumber(rest);
  const count = Math.min(xdrNumber(rest), operationLimit);
  for (let i = 0; i < count && !rest.isFailed; i++) {
    const operation = xdrNumber(rest);
    const name = operations4[operation];
    if (name === undefined) break;
    if (!preparing.has(operation) || nfs.procedure === 'COMPOUND') (nfs as { procedure: string }).procedure = name;
    if (!readArguments(rest, operation, nfs)) break;
  }
  return nfs;
}

/** Bytes of arguments that have always the same length. */
const fixedBytes: Readonly<Record<number, number>> = {
  3: 4,
  4: 20,
  5: 12,
  10: 0,
  16: 0,
  23: 0,
  24: 0,
  25: 28,
  27: 0,
  31: 0,
  32: 0,
  53: 32,
};

function readArguments(rest: XdrCursor, operation: number, nfs: NfsCall): boolean {
  const bytes = fixedBytes[operation];
  if (bytes !== undefined) {
    xdrSkip(rest, bytes);
    return true;
  }
  if (operation === 22) nfs.handle = handleAt(rest, 4);
  else if (operation === 9) xdrSkip(rest, 4 * Math.min(xdrNumber(rest), 8));
  else if (operation === 15 || operation === 28) nfs.name = xdrText(rest);
  else if (operation === 29) {
    nfs.name = xdrText(rest);
    nfs.newName = xdrText(rest);
  } else return false;
  return true;
}

export interface NfsResult {
  readonly status: number;
  /** Handle of what was found or made; empty when there is none. */
  readonly handle: string;
  readonly bytes: number;
  readonly isEnd: boolean;
}

const attributeBytes3 = 84;
const priorBytes3 = 24;

export function readNfsResult(reply: RpcReply, version: number, call: NfsCall): NfsResult {
  const { rest } = reply;
  const nothing = { status: 0, handle: '', bytes: 0, isEnd: false };
  if (call.procedure === 'NULL' || rest.end - rest.at < 4) return nothing;
  const status = xdrNumber(rest);
  if (status !== 0 || version > 3) return { ...nothing, status };
  if (call.procedure === 'LOOKUP') return { ...nothing, handle: handleAt(rest, version) };
  if (version === 3 && (call.procedure === 'CREATE' || call.procedure === 'MKDIR')) {
    const follows = xdrNumber(rest) !== 0;
    return { ...nothing, handle: follows ? handleAt(rest, version) : '' };
  }
  if (version === 3 && call.procedure === 'READ') {
    if (xdrNumber(rest) !== 0) xdrSkip(rest, attributeBytes3);
    const bytes = xdrNumber(rest);
    return { ...nothing, bytes, isEnd: xdrNumber(rest) !== 0 };
  }
  if (version === 3 && call.procedure === 'WRITE') {
    // Attributes before (24 bytes) and behind, where there are any.
    if (xdrNumber(rest) !== 0) xdrSkip(rest, priorBytes3);
    if (xdrNumber(rest) !== 0) xdrSkip(rest, attributeBytes3);
    return { ...nothing, bytes: xdrNumber(rest) };
  }
  return nothing;
}
