// ONC RPC (RFC 5531) over UDP and, in records, over TCP: NFS with its files, and other programs by name.
//
//    record (TCP): 1 bit last fragment, 31 bits length | message

import { type EventOf, flag, number, object, text, u32 } from '../../../../core/index.ts';
import {
  type Conversation,
  defineProtocol,
  notMine,
  type Probe,
  type ProbeHint,
  probed,
  type Side,
  type Talk,
} from '../../protocol.ts';
import {
  flavorName,
  isKnownProgram,
  mountProgram,
  nfsProgram,
  portmapProgram,
  procedureName,
  programName,
  type RpcCall,
  type RpcReply,
  readCall,
  readReply,
} from './message.ts';
import { type NfsCall, type NfsResult, readNfsCall, readNfsResult } from './nfs-calls.ts';
import { nfsStatusName } from './nfs-names.ts';
import { xdrNumber, xdrText } from './xdr.ts';

const rpcFields = {
  xid: number('Call', { eve: 'rpc.xid', filter: 'rpc.xid' }),
  rpcStatus: text('Taken or not', { eve: 'rpc.status' }),
  authType: text('Kind of credentials', { eve: 'rpc.auth_type' }),
  creds: object('Credentials', { eve: 'rpc.creds' }),
  program: text('Program', { filter: 'rpc.program' }),
  procedureName: text('Procedure'),
  programVersion: number('Version of the program'),
  path: text('Path mounted'),
  portGiven: number('Port given'),
  latencyUs: number('Time until the reply', { unit: 'us' }),
};

const nfsFields = {
  ...rpcFields,
  version: number('Version', { eve: 'nfs.version', filter: 'nfs.version' }),
  procedure: text('Procedure', { eve: 'nfs.procedure' }),
  filename: text('File', { eve: 'nfs.filename', filter: 'nfs.name' }),
  handle: text('Check sum of the handle', { eve: 'nfs.hhash' }),
  id: number('Number in the conversation', { eve: 'nfs.id' }),
  isFile: flag('Contents of a file', { eve: 'nfs.file_tx' }),
  type: text('Request or response', { eve: 'nfs.type' }),
  status: text('Status', { eve: 'nfs.status' }),
  read: object('Reading', { eve: 'nfs.read' }),
  write: object('Writing', { eve: 'nfs.write' }),
  rename: object('Renamed', { eve: 'nfs.rename' }),
  readBytes: number('Bytes read', { unit: 'bytes' }),
  writtenBytes: number('Bytes written', { unit: 'bytes' }),
};
type Event = EventOf<typeof nfsFields>;

const pendingLimit = 128;
const nameLimit = 512;
/** Bytes of a longer record that are read. */
const headBytes = 1024;
const recordLimit = 1 << 24;

interface Pending {
  readonly call: RpcCall;
  readonly nfs: NfsCall | null;
  readonly id: number;
  readonly timeUs: number;
}

/** A file that is read or written in several calls, told as one. */
interface Transfer {
  readonly event: Event;
  chunks: number;
  bytes: number;
  lastXid: number;
}

class RpcTalk implements Talk {
  readonly #conversation: Conversation<typeof nfsFields>;
  readonly #pending = new Map<number, Pending>();
  /** Names of files by the check sum of their handles. */
  readonly #names = new Map<string, string>();
  /** By procedure and check sum of the handle. */
  readonly #transfers = new Map<string, Transfer>();
  readonly #isInside: [boolean, boolean] = [false, false];
  #isConfirmed = false;
  #lastId = 0;

  constructor(conversation: Conversation<typeof nfsFields>) {
    this.#conversation = conversation;
  }

  data(side: Side, b: Uint8Array, at: number, end: number): number {
    if (this.#conversation.proto === 17) {
      this.#message(side, b, at, end);
      return end - at;
    }
    let o = at;
    while (end - o >= 4) {
      const mark = u32(b, o);
      const length = mark & 0x7fff_ffff;
      if (length > recordLimit || length === 0) {
        if (!this.#isConfirmed) return notMine;
        this.#conversation.done();
        break;
      }
      if (end - o < 4 + Math.min(length, headBytes)) break;
      // What follows the first fragment of a record goes on with it.
      if (!this.#isInside[side]) this.#message(side, b, o + 4, Math.min(end, o + 4 + length));
      this.#isInside[side] = mark >>> 31 === 0;
      o += 4 + length;
    }
    return o - at;
  }

  end(): void {
    for (const transfer of this.#transfers.values()) this.#tellTransfer(transfer);
    this.#transfers.clear();
  }

  #message(side: Side, b: Uint8Array, at: number, end: number): void {
    if (end - at < 12) return;
    if (u32(b, at + 4) === 0) {
      const call = readCall(b, at, end);
      if (call !== null) this.#called(side, call);
    } else {
      const reply = readReply(b, at, end);
      if (reply !== null) this.#replied(reply);
    }
  }

  #called(side: Side, call: RpcCall): void {
    if (!this.#isConfirmed && side === 1) this.#conversation.swap();
    this.#isConfirmed = true;
    if (this.#pending.has(call.xid)) return;
    if (this.#pending.size >= pendingLimit) this.#pending.delete(this.#pending.keys().next().value as number);
    const nfs = call.program === nfsProgram ? readNfsCall(call) : null;
    const isCounted = nfs !== null && nfs.procedure !== 'NULL' && !this.#isGoingOn(nfs);
    const id = isCounted ? ++this.#lastId : 0;
    this.#pending.set(call.xid, { call, nfs, id, timeUs: this.#conversation.timeUs });
  }

  /** Goes on with a file that has its number already. */
  #isGoingOn(nfs: NfsCall): boolean {
    return this.#transfers.has(`${nfs.procedure} ${nfs.handle}`);
  }

  #replied(reply: RpcReply): void {
    const asked = this.#pending.get(reply.xid);
    if (asked === undefined) return;
    this.#pending.delete(reply.xid);
    this.#conversation.confirm();
    const event = this.#rpcPart(asked, reply);
    if (asked.nfs === null) {
      this.#program(event, asked, reply);
      return;
    }
    const result = readNfsResult(reply, asked.call.version, asked.nfs);
    this.#nfs(event, asked, asked.nfs, result);
  }

  #rpcPart(asked: Pending, reply: RpcReply): Event {
    const { call, timeUs } = asked;
    const event: Event = {
      xid: call.xid,
      rpcStatus: reply.isAccepted ? 'ACCEPTED' : 'DENIED',
      authType: flavorName(call.flavor),
      latencyUs: Math.max(0, this.#conversation.timeUs - timeUs),
    };
    if (call.flavor === 1) event.creds = { machine_name: call.machine, uid: call.uid, gid: call.gid };
    return event;
  }

  /** Programs other than NFS: their name, and what of it is asked for. */
  #program(event: Event, asked: Pending, reply: RpcReply): void {
    const { call } = asked;
    event.program = programName(call.program);
    event.programVersion = call.version;
    event.procedureName = procedureName(call);
    if (call.program === mountProgram && (call.procedure === 1 || call.procedure === 3)) {
      event.path = xdrText(call.rest);
    } else if (call.program === portmapProgram && call.version === 2 && call.procedure === 3 && reply.isAccepted) {
      event.portGiven = xdrNumber(reply.rest);
    }
    this.#conversation.emitAs(rpc, event, { side: 1 });
  }

  #nfs(event: Event, asked: Pending, nfs: NfsCall, result: NfsResult): void {
    const { call, id } = asked;
    const isAttributes = nfs.procedure === 'GETATTR' || nfs.procedure === 'NULL';
    if (result.handle !== '' && nfs.name !== '') this.#remember(result.handle, nfs.name);
    if (isAttributes && call.version <= 3) return;
    const known = nfs.name === '' && nfs.handleHash !== '' ? this.#names.get(nfs.handle) : undefined;
    event.version = call.version;
    event.procedure = nfs.procedure;
    event.filename = known ?? nfs.name;
    const handle = nfs.procedure === 'LOOKUP' ? result.handle : nfs.handleHash;
    if (handle !== '') event.handle = handle;
    event.id = id;
    event.isFile = false;
    event.type = 'response';
    event.status = nfsStatusName(result.status);
    if (nfs.procedure === 'RENAME' && call.version <= 3) event.rename = { from: nfs.name, to: nfs.newName };
    const isTransfer = nfs.procedure === 'READ' || nfs.procedure === 'WRITE';
    if (isTransfer && call.version === 3 && result.status === 0) {
      this.#transfer(event, nfs, result);
      return;
    }
    if (nfs.procedure === 'COMMIT') this.#endTransfer(`WRITE ${nfs.handle}`);
    this.#conversation.emit(event, { side: 1 });
  }

  #remember(handle: string, name: string): void {
    if (this.#names.size >= nameLimit) this.#names.delete(this.#names.keys().next().value as string);
    this.#names.set(handle, name);
  }

  #transfer(event: Event, nfs: NfsCall, result: NfsResult): void {
    const key = `${nfs.procedure} ${nfs.handle}`;
    let transfer = this.#transfers.get(key);
    if (transfer === undefined) {
      if (this.#transfers.size >= pendingLimit) this.#endTransfer(this.#transfers.keys().next().value as string);
      event.isFile = true;
      transfer = { event, chunks: 0, bytes: 0, lastXid: 0 };
      this.#transfers.set(key, transfer);
    }
    transfer.chunks++;
    transfer.bytes += result.bytes;
    transfer.lastXid = event.xid ?? 0;
    if (result.isEnd) this.#endTransfer(key);
  }

  #endTransfer(key: string): void {
    const transfer = this.#transfers.get(key);
    if (transfer === undefined) return;
    this.#transfers.delete(key);
    this.#tellTransfer(transfer);
  }

  #tellTransfer(transfer: Transfer): void {
    const { event, chunks, lastXid, bytes } = transfer;
    const part = { first: true, last: true, last_xid: lastXid, chunks };
    if (event.procedure === 'READ') {
      event.read = part;
      event.readBytes = bytes;
    } else {
      event.write = part;
      event.writtenBytes = bytes;
    }
    this.#conversation.emit(event, { side: 1 });
  }
}

const isCall = (b: Uint8Array, at: number): boolean =>
  u32(b, at + 4) === 0 &&
  u32(b, at + 8) === 2 &&
  u32(b, at + 16) <= 16 &&
  u32(b, at + 20) <= 64 &&
  u32(b, at + 24) <= 6;

/** Bytes of a call up to its credentials. */
const callBytes = 28;

/** Position of the program's number; -1: it is no call, -2: there is too little to tell. */
function findCall(b: Uint8Array, at: number, end: number, hint: ProbeHint): number {
  let o = at;
  if (hint.proto === 6) {
    if (b[at] !== 0x80 || (end - at > 1 && b[at + 1] !== 0)) return -1;
    o += 4;
  }
  if (end - o < callBytes) return hint.proto === 6 ? -2 : -1;
  return isCall(b, o) ? o + 12 : -1;
}

const nfsProbe: Probe = (b, at, end, hint) => {
  const o = findCall(b, at, end, hint);
  if (o < 0) return o === -2 ? probed.maybe : probed.no;
  return u32(b, o) === nfsProgram ? probed.yes : probed.no;
};

const rpcProbe: Probe = (b, at, end, hint) => {
  const o = findCall(b, at, end, hint);
  if (o < 0) return o === -2 ? probed.maybe : probed.no;
  return hint.isPort || isKnownProgram(u32(b, o)) ? probed.yes : probed.no;
};

export const nfs = defineProtocol({
  name: 'nfs',
  title: 'NFS',
  family: 'files',
  ports: { tcp: [2049], udp: [2049] },
  fields: nfsFields,
  probe: nfsProbe,
  open: (conversation) => new RpcTalk(conversation),
});

/** Programs other than NFS: portmap, mount and whatever else is called. */
export const rpc = defineProtocol({
  name: 'rpc',
  title: 'ONC RPC',
  family: 'machine',
  ports: { tcp: [111], udp: [111] },
  fields: rpcFields,
  probe: rpcProbe,
  // What it hears may be NFS as well, on a connection for several programs.
  open: (conversation) => new RpcTalk(conversation as unknown as Conversation<typeof nfsFields>),
});
