// Reads ONC RPC messages (RFC 5531): who calls which procedure of which program, and whether it was taken.
//
//    call:  number | 0 | version 2 | program | its version | procedure | credentials | verifier | arguments
//    reply: number | 1 | 0 accepted: verifier, state, results; 1 denied: why

import { type XdrCursor, xdrAt, xdrNumber, xdrOpaque, xdrText } from './xdr.ts';

export interface RpcCall {
  readonly xid: number;
  readonly program: number;
  readonly version: number;
  readonly procedure: number;
  /** Kind of credentials: 0 none, 1 UNIX, 6 GSS. */
  readonly flavor: number;
  readonly machine: string;
  readonly uid: number;
  readonly gid: number;
  /** The arguments. */
  readonly rest: XdrCursor;
}

export interface RpcReply {
  readonly xid: number;
  readonly isAccepted: boolean;
  /** What became of an accepted call: 0 success. */
  readonly state: number;
  /** The results. */
  readonly rest: XdrCursor;
}

const unixFlavor = 1;
/** Credentials have at most so many bytes. */
const credentialLimit = 400;

/** The call at `at`; null when it is none. */
export function readCall(b: Uint8Array, at: number, end: number): RpcCall | null {
  const cursor = xdrAt(b, at, end);
  const xid = xdrNumber(cursor);
  const type = xdrNumber(cursor);
  const rpcVersion = xdrNumber(cursor);
  const program = xdrNumber(cursor);
  const version = xdrNumber(cursor);
  const procedure = xdrNumber(cursor);
  const flavor = xdrNumber(cursor);
  const credentials = xdrOpaque(cursor);
  xdrNumber(cursor);
  const verifier = xdrOpaque(cursor);
  if (cursor.isFailed || type !== 0 || rpcVersion !== 2) return null;
  if (credentials.length > credentialLimit || verifier.length > credentialLimit) return null;
  let machine = '';
  let uid = 0;
  let gid = 0;
  if (flavor === unixFlavor) {
    const own = xdrAt(b, credentials.at, credentials.at + credentials.length);
    xdrNumber(own);
    machine = xdrText(own);
    uid = xdrNumber(own);
    gid = xdrNumber(own);
  }
  return { xid, program, version, procedure, flavor, machine, uid, gid, rest: cursor };
}

/** The reply at `at`; null when it is none. */
export function readReply(b: Uint8Array, at: number, end: number): RpcReply | null {
  const cursor = xdrAt(b, at, end);
  const xid = xdrNumber(cursor);
  const type = xdrNumber(cursor);
  const state = xdrNumber(cursor);
  if (cursor.isFailed || type !== 1 || state > 1) return null;
  if (state === 1) return { xid, isAccepted: false, state: xdrNumber(cursor), rest: cursor };
  xdrNumber(cursor);
  const verifier = xdrOpaque(cursor);
  const accepted = xdrNumber(cursor);
  if (cursor.isFailed || verifier.length > credentialLimit || accepted > 5) return null;
  return { xid, isAccepted: true, state: accepted, rest: cursor };
}

const flavors: Readonly<Record<number, string>> = {
  0: 'NULL',
  1: 'UNIX',
  2: 'SHORT',
  3: 'DH',
  4: 'KERB4',
  5: 'RSA',
  6: 'GSS',
};

export const flavorName = (flavor: number): string => flavors[flavor] ?? `UNKNOWN_${flavor}`;

interface Program {
  readonly name: string;
  readonly procedures: readonly string[];
}

/** Programs by number (RFC 1833, RFC 1813 appendix I, IANA), with the procedures of their newest version. */
const programs: Readonly<Record<number, Program>> = {
  100000: {
    name: 'portmap',
    procedures: ['NULL', 'SET', 'UNSET', 'GETADDR', 'DUMP', 'CALLIT', 'GETTIME', 'UADDR2TADDR', 'TADDR2UADDR'],
  },
  100001: { name: 'rstat', procedures: [] },
  100002: { name: 'rusers', procedures: [] },
  100003: { name: 'nfs', procedures: [] },
  100004: { name: 'ypserv', procedures: [] },
  100005: { name: 'mount', procedures: ['NULL', 'MNT', 'DUMP', 'UMNT', 'UMNTALL', 'EXPORT'] },
  100007: { name: 'ypbind', procedures: [] },
  100008: { name: 'walld', procedures: [] },
  100009: { name: 'yppasswd', procedures: [] },
  100011: { name: 'rquota', procedures: ['NULL', 'GETQUOTA', 'GETACTIVEQUOTA'] },
  100012: { name: 'spray', procedures: [] },
  100021: { name: 'nlockmgr', procedures: ['NULL', 'TEST', 'LOCK', 'CANCEL', 'UNLOCK', 'GRANTED'] },
  100024: { name: 'status', procedures: ['NULL', 'STAT', 'MON', 'UNMON', 'UNMON_ALL', 'SIMU_CRASH', 'NOTIFY'] },
  100068: { name: 'cmsd', procedures: [] },
  100083: { name: 'ttdbserver', procedures: [] },
  100227: { name: 'nfs_acl', procedures: ['NULL', 'GETACL', 'SETACL'] },
  100232: { name: 'sadmind', procedures: [] },
  150001: { name: 'pcnfsd', procedures: [] },
  391002: { name: 'fam', procedures: [] },
};

export const nfsProgram = 100003;
export const mountProgram = 100005;
export const portmapProgram = 100000;

export const isKnownProgram = (program: number): boolean => programs[program] !== undefined;
export const programName = (program: number): string => programs[program]?.name ?? String(program);

export function procedureName(call: Pick<RpcCall, 'program' | 'version' | 'procedure'>): string {
  if (call.program === portmapProgram && call.version === 2 && call.procedure === 3) return 'GETPORT';
  return programs[call.program]?.procedures[call.procedure] ?? String(call.procedure);
}
