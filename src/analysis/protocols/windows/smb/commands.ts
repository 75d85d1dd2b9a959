// Words of SMB: commands, dialects, control functions (MS-SMB2 2.2.1, MS-CIFS 2.2.2.1, MS-FSCC 2.3).

export const smb2 = {
  negotiate: 0,
  sessionSetup: 1,
  logoff: 2,
  treeConnect: 3,
  treeDisconnect: 4,
  create: 5,
  close: 6,
  read: 8,
  write: 9,
  ioctl: 11,
  cancel: 12,
  find: 14,
  getInfo: 16,
  setInfo: 17,
} as const;

const smb2Names = [
  'NEGOTIATE_PROTOCOL',
  'SESSION_SETUP',
  'SESSION_LOGOFF',
  'TREE_CONNECT',
  'TREE_DISCONNECT',
  'CREATE',
  'CLOSE',
  'FLUSH',
  'READ',
  'WRITE',
  'LOCK',
  'IOCTL',
  'CANCEL',
  'KEEPALIVE',
  'FIND',
  'CHANGE_NOTIFY',
  'GET_INFO',
  'SET_INFO',
  'OPLOCK_BREAK',
] as const;

export const lastSmb2Command = smb2Names.length - 1;

export const smb2CommandText = (command: number): string =>
  smb2Names[command] === undefined ? String(command) : `SMB2_COMMAND_${smb2Names[command]}`;

const dialects: Readonly<Record<number, string>> = {
  514: '2.02',
  528: '2.10',
  546: '2.22',
  548: '2.24',
  767: '2.??',
  768: '3.00',
  770: '3.02',
  784: '3.10',
  785: '3.11',
};

export const dialectText = (dialect: number): string => dialects[dialect] ?? String(dialect);

export const smb1 = {
  createDirectory: 0x00,
  deleteDirectory: 0x01,
  close: 0x04,
  delete: 0x06,
  rename: 0x07,
  transSecondary: 0x26,
  lockingAndx: 0x24,
  trans: 0x25,
  openAndx: 0x2d,
  readAndx: 0x2e,
  writeAndx: 0x2f,
  trans2: 0x32,
  trans2Secondary: 0x33,
  treeDisconnect: 0x71,
  negotiate: 0x72,
  sessionSetup: 0x73,
  logoff: 0x74,
  treeConnect: 0x75,
  ntTrans: 0xa0,
  ntTransSecondary: 0xa1,
  ntCreate: 0xa2,
  ntCancel: 0xa4,
  none: 0xff,
} as const;

const smb1Names: Readonly<Record<number, string>> = {
  0: 'CREATE_DIRECTORY',
  1: 'DELETE_DIRECTORY',
  2: 'OPEN',
  3: 'CREATE',
  4: 'CLOSE',
  5: 'FLUSH',
  6: 'DELETE',
  7: 'RENAME',
  8: 'QUERY_INFORMATION',
  9: 'SET_INFORMATION',
  10: 'READ',
  11: 'WRITE',
  12: 'LOCK_BYTE_RANGE',
  13: 'UNLOCK_BYTE_RANGE',
  14: 'CREATE_TEMPORARY',
  15: 'CREATE_NEW',
  16: 'CHECK_DIRECTORY',
  17: 'PROCESS_EXIT',
  18: 'SEEK',
  19: 'LOCK_AND_READ',
  20: 'WRITE_AND_UNLOCK',
  36: 'LOCKING_ANDX',
  37: 'TRANS',
  38: 'TRANS_SECONDARY',
  43: 'ECHO',
  44: 'WRITE_AND_CLOSE',
  45: 'OPEN_ANDX',
  46: 'READ_ANDX',
  47: 'WRITE_ANDX',
  50: 'TRANS2',
  51: 'TRANS2_SECONDARY',
  52: 'FIND_CLOSE2',
  112: 'TREE_CONNECT',
  113: 'TREE_DISCONNECT',
  114: 'NEGOTIATE_PROTOCOL',
  115: 'SESSION_SETUP_ANDX',
  116: 'LOGOFF_ANDX',
  117: 'TREE_CONNECT_ANDX',
  128: 'QUERY_INFO_DISK',
  160: 'NT_TRANS',
  161: 'NT_TRANS_SECONDARY',
  162: 'NT_CREATE_ANDX',
  164: 'NT_CANCEL',
};

export const smb1CommandText = (command: number): string =>
  smb1Names[command] === undefined ? String(command) : `SMB1_COMMAND_${smb1Names[command]}`;

const dispositions = [
  'FILE_SUPERSEDE',
  'FILE_OPEN',
  'FILE_CREATE',
  'FILE_OPEN_IF',
  'FILE_OVERWRITE',
  'FILE_OVERWRITE_IF',
] as const;

export const dispositionText = (disposition: number): string => dispositions[disposition] ?? 'UNKNOWN';

export const pipeTransceive = 0x0011_c017;

const functions: Readonly<Record<number, string>> = {
  393620: 'FSCTL_DFS_GET_REFERRALS',
  393648: 'FSCTL_DFS_GET_REFERRALS_EX',
  589824: 'FSCTL_REQUEST_OPLOCK_LEVEL_1',
  589988: 'FSCTL_SET_REPARSE_POINT',
  589992: 'FSCTL_GET_REPARSE_POINT',
  589996: 'FSCTL_DELETE_REPARSE_POINT',
  589980: 'FSCTL_GET_OBJECT_ID',
  590016: 'FSCTL_CREATE_OR_GET_OBJECT_ID',
  590020: 'FSCTL_SET_SPARSE',
  623112: 'FSCTL_FILE_LEVEL_TRIM',
  1114136: 'FSCTL_PIPE_WAIT',
  1130508: 'FSCTL_PIPE_PEEK',
  [pipeTransceive]: 'FSCTL_PIPE_TRANSCEIVE',
  1310840: 'FSCTL_SRV_REQUEST_RESUME_KEY',
  1311188: 'FSCTL_LMR_REQUEST_RESILIENCY',
  1311228: 'FSCTL_QUERY_NETWORK_INTERFACE_INFO',
  1311236: 'FSCTL_VALIDATE_NEGOTIATE_INFO',
  1327204: 'FSCTL_SRV_ENUMERATE_SNAPSHOTS',
  1327346: 'FSCTL_SRV_COPYCHUNK',
  1343730: 'FSCTL_SRV_COPYCHUNK_WRITE',
  1327547: 'FSCTL_SRV_READ_HASH',
};

export const functionText = (code: number): string => functions[code] ?? `0x${code.toString(16).padStart(8, '0')}`;
