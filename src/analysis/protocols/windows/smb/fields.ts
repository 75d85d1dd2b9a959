// What SMB tells: the fields of its events, and the kinds that Zeek has logs of their own for.

import { type EventOf, flag, number, object, text, texts } from '../../../../core/index.ts';
import { defineProtocol } from '../../protocol.ts';

export const smbFields = {
  id: number('Number in the conversation', { eve: 'smb.id' }),
  dialect: text('Dialect', { eve: 'smb.dialect', filter: 'smb2.dialect' }),
  command: text('Command', { eve: 'smb.command' }),
  status: text('Status', { eve: 'smb.status' }),
  statusCode: text('Status as a number', { eve: 'smb.status_code', filter: 'smb2.nt_status' }),
  sessionId: number('Session', { eve: 'smb.session_id', filter: 'smb2.sesid' }),
  treeId: number('Tree', { eve: 'smb.tree_id', filter: 'smb2.tid' }),
  clientDialects: texts('Dialects offered', { eve: 'smb.client_dialects' }),
  clientGuid: text('GUID of the client', { eve: 'smb.client_guid' }),
  serverGuid: text('GUID of the server', { eve: 'smb.server_guid' }),
  maxReadSize: number('Largest read', { eve: 'smb.max_read_size' }),
  maxWriteSize: number('Largest write', { eve: 'smb.max_write_size' }),
  ntlmssp: object('NTLM login', { eve: 'smb.ntlmssp' }),
  kerberos: object('Kerberos login', { eve: 'smb.kerberos' }),
  request: object('System of the client', { eve: 'smb.request' }),
  response: object('System of the server', { eve: 'smb.response' }),
  share: text('Share', { eve: 'smb.share', filter: 'smb2.tree' }),
  shareType: text('Kind of share', { eve: 'smb.share_type' }),
  namedPipe: text('Share of pipes', { eve: 'smb.named_pipe' }),
  service: object('Service asked for and given', { eve: 'smb.service' }),
  filename: text('File', { eve: 'smb.filename', filter: 'smb2.filename' }),
  directory: text('Folder', { eve: 'smb.directory' }),
  disposition: text('What to do when it is there', { eve: 'smb.disposition' }),
  access: text('Deletion on closing', { eve: 'smb.access' }),
  created: number('Created, seconds since the epoch', { eve: 'smb.created' }),
  accessed: number('Accessed, seconds since the epoch', { eve: 'smb.accessed' }),
  modified: number('Modified, seconds since the epoch', { eve: 'smb.modified' }),
  changed: number('Changed, seconds since the epoch', { eve: 'smb.changed' }),
  size: number('Size of the file', { eve: 'smb.size' }),
  fuid: text('File identifier', { eve: 'smb.fuid', filter: 'smb2.fid' }),
  rename: object('Renamed', { eve: 'smb.rename' }),
  setInfo: object('What was set', { eve: 'smb.set_info' }),
  subcommand: text('Subcommand', { eve: 'smb.subcmd' }),
  level: text('Level of information', { eve: 'smb.level_of_interest' }),
  function: text('Control function', { eve: 'smb.function' }),
  dcerpc: object('Call through a pipe', { eve: 'smb.dcerpc' }),
  pattern: text('Names searched for'),
  readBytes: number('Bytes read', { unit: 'bytes' }),
  writtenBytes: number('Bytes written', { unit: 'bytes' }),
  isLogin: flag('Login succeeded'),
  isEncrypted: flag('Encrypted from here on'),
  latencyUs: number('Time until the response', { unit: 'us' }),
};
export type SmbEvent = EventOf<typeof smbFields>;

/** What happened to a file, as Zeek's smb_files.log tells it. */
export const smbFile = defineProtocol({
  name: 'smb_files',
  title: 'SMB file',
  family: 'files',
  zeekLog: 'smb_files',
  fields: {
    action: text('What was done', { zeek: 'action' }),
    path: text('Share', { zeek: 'path' }),
    name: text('Name', { zeek: 'name' }),
    sizeBytes: number('Size', { zeek: 'size', unit: 'bytes' }),
    previousName: text('Name before', { zeek: 'prev_name' }),
    modifiedUs: number('Modified', { zeek: 'times.modified', unit: 'time' }),
    accessedUs: number('Accessed', { zeek: 'times.accessed', unit: 'time' }),
    createdUs: number('Created', { zeek: 'times.created', unit: 'time' }),
    changedUs: number('Changed', { zeek: 'times.changed', unit: 'time' }),
  },
});

/** A share that was connected to, as Zeek's smb_mapping.log tells it. */
export const smbMapping = defineProtocol({
  name: 'smb_mapping',
  title: 'SMB share',
  family: 'files',
  zeekLog: 'smb_mapping',
  fields: {
    path: text('Path', { zeek: 'path' }),
    service: text('Service', { zeek: 'service' }),
    fileSystem: text('File system', { zeek: 'native_file_system' }),
    shareType: text('Kind of share', { zeek: 'share_type' }),
  },
});
