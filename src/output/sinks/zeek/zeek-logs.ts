// The columns of Zeek's logs, in its order and with its types (Zeek 7, base scripts; docs.zeek.org, "Log Files").
// Which value goes into which column is declared with each protocol's fields (core/field.ts, `zeek`).

export interface ZeekColumn {
  readonly name: string;
  /** Zeek's type, such as `count`, `interval` or `vector[string]`. */
  readonly type: string;
}

const id = 'ts:time uid:string id.orig_h:addr id.orig_p:port id.resp_h:addr id.resp_p:port';

/** As `name:type`, in order. */
const logs = {
  conn: `${id} proto:enum service:string duration:interval orig_bytes:count resp_bytes:count conn_state:string local_orig:bool local_resp:bool missed_bytes:count history:string orig_pkts:count orig_ip_bytes:count resp_pkts:count resp_ip_bytes:count tunnel_parents:set[string] ip_proto:count`,
  dns: `${id} proto:enum trans_id:count rtt:interval query:string qclass:count qclass_name:string qtype:count qtype_name:string rcode:count rcode_name:string AA:bool TC:bool RD:bool RA:bool Z:count answers:vector[string] TTLs:vector[interval] rejected:bool opcode:count opcode_name:string`,
  http: `${id} trans_depth:count method:string host:string uri:string referrer:string version:string user_agent:string origin:string request_body_len:count response_body_len:count status_code:count status_msg:string info_code:count info_msg:string tags:set[enum] username:string password:string proxied:set[string] orig_fuids:vector[string] orig_filenames:vector[string] orig_mime_types:vector[string] resp_fuids:vector[string] resp_filenames:vector[string] resp_mime_types:vector[string]`,
  ssl: `${id} version:string cipher:string curve:string server_name:string resumed:bool last_alert:string next_protocol:string established:bool ssl_history:string cert_chain_fps:vector[string] client_cert_chain_fps:vector[string] sni_matches_cert:bool`,
  x509: 'ts:time fingerprint:string certificate.version:count certificate.serial:string certificate.subject:string certificate.issuer:string certificate.not_valid_before:time certificate.not_valid_after:time certificate.key_alg:string certificate.sig_alg:string certificate.key_type:string certificate.key_length:count certificate.exponent:string certificate.curve:string san.dns:vector[string] san.uri:vector[string] san.email:vector[string] san.ip:vector[addr] basic_constraints.ca:bool basic_constraints.path_len:count host_cert:bool client_cert:bool',
  quic: `${id} version:string client_initial_dcid:string client_scid:string server_scid:string server_name:string client_protocol:string history:string`,
  ssh: `${id} version:count auth_success:bool auth_attempts:count direction:enum client:string server:string cipher_alg:string mac_alg:string compression_alg:string kex_alg:string host_key_alg:string host_key_fingerprint:string`,
  ftp: `${id} user:string password:string command:string arg:string mime_type:string file_size:count reply_code:count reply_msg:string data_channel.passive:bool data_channel.orig_h:addr data_channel.resp_h:addr data_channel.resp_p:port fuid:string`,
  smtp: `${id} trans_depth:count helo:string mailfrom:string rcptto:set[string] date:string from:string to:set[string] cc:set[string] reply_to:string msg_id:string in_reply_to:string subject:string x_originating_ip:addr first_received:string second_received:string last_reply:string path:vector[addr] user_agent:string tls:bool fuids:vector[string]`,
  dhcp: 'ts:time uids:set[string] client_addr:addr server_addr:addr mac:string host_name:string client_fqdn:string domain:string requested_addr:addr assigned_addr:addr lease_time:interval client_message:string server_message:string msg_types:vector[string] duration:interval',
  ntp: `${id} version:count mode:count stratum:count poll:interval precision:interval root_delay:interval root_disp:interval ref_id:string ref_time:time org_time:time rec_time:time xmt_time:time num_exts:count`,
  files:
    'ts:time fuid:string uid:string id.orig_h:addr id.orig_p:port id.resp_h:addr id.resp_p:port source:string depth:count analyzers:set[string] mime_type:string filename:string duration:interval local_orig:bool is_orig:bool seen_bytes:count total_bytes:count missing_bytes:count overflow_bytes:count timedout:bool parent_fuid:string',
  weird: `${id} name:string addl:string notice:bool peer:string source:string`,
  irc: `${id} nick:string user:string command:string value:string addl:string dcc_file_name:string dcc_file_size:count dcc_mime_type:string fuid:string`,
  syslog: `${id} proto:enum facility:string severity:string message:string`,
  snmp: `${id} duration:interval version:string community:string get_requests:count get_bulk_requests:count get_responses:count set_requests:count display_string:string up_since:time`,
  radius: `${id} username:string mac:string framed_addr:addr tunnel_client:string connect_info:string reply_msg:string result:string ttl:interval`,
  sip: `${id} trans_depth:count method:string uri:string date:string request_from:string request_to:string response_from:string response_to:string reply_to:string call_id:string seq:string subject:string request_path:vector[string] response_path:vector[string] user_agent:string status_code:count status_msg:string warning:string request_body_len:count response_body_len:count content_type:string`,
  socks: `${id} version:count user:string password:string status:string request.host:addr request.name:string request_p:port bound.host:addr bound.name:string bound_p:port`,
  mysql: `${id} cmd:string arg:string success:bool rows:count response:string`,
  modbus: `${id} tid:count unit:count func:string pdu_type:string exception:string`,
  dnp3: `${id} fc_request:string fc_reply:string iin:count`,
  mqtt_connect: `${id} proto_name:string proto_version:string client_id:string connect_status:string will_topic:string will_payload:string`,
  mqtt_publish: `${id} from_client:bool retain:bool qos:string status:string topic:string payload:string payload_len:count`,
  mqtt_subscribe: `${id} action:enum topics:vector[string] qos_levels:vector[count] granted_qos_level:count ack:bool`,
  redis: `${id} cmd.name:string cmd.key:string cmd.value:string success:bool reply.value:string`,
  postgresql: `${id} user:string database:string application_name:string frontend:string frontend_arg:string success:bool backend:string backend_arg:string rows:count`,
  kerberos: `${id} request_type:string client:string service:string success:bool error_msg:string from:time till:time cipher:string forwardable:bool renewable:bool client_cert_subject:string client_cert_fuid:string server_cert_subject:string server_cert_fuid:string`,
  ntlm: `${id} username:string hostname:string domainname:string server_nb_computer_name:string server_dns_computer_name:string server_tree_name:string success:bool`,
  rdp: `${id} cookie:string result:string security_protocol:string client_channels:vector[string] keyboard_layout:string client_build:string client_name:string client_dig_product_id:string desktop_width:count desktop_height:count requested_color_depth:string cert_type:string cert_count:count cert_permanent:bool encryption_level:string encryption_method:string`,
  rfb: `${id} client_major_version:string client_minor_version:string server_major_version:string server_minor_version:string authentication_method:string auth:bool share_flag:bool desktop_name:string width:count height:count`,
  dce_rpc: `${id} rtt:interval named_pipe:string endpoint:string operation:string`,
  ldap: `${id} message_id:int version:int opcode:string result:string diagnostic_message:string object:string argument:string`,
  ldap_search: `${id} message_id:int scope:string deref_aliases:string base_object:string result_count:count result:string diagnostic_message:string filter:string attributes:vector[string]`,
  smb_files: `${id} fuid:string action:enum path:string name:string size:count prev_name:string times.modified:time times.accessed:time times.created:time times.changed:time`,
  smb_mapping: `${id} path:string service:string native_file_system:string share_type:string`,
  websocket: `${id} host:string uri:string user_agent:string subprotocol:string client_protocols:vector[string] server_extensions:vector[string] client_extensions:vector[string]`,
} as const;

const parsed = new Map<string, readonly ZeekColumn[]>();

/** Columns of a log; undefined for one that Zeek does not have. */
export function zeekColumns(log: string): readonly ZeekColumn[] | undefined {
  const known = parsed.get(log);
  if (known !== undefined) return known;
  const text = (logs as Readonly<Record<string, string>>)[log];
  if (text === undefined) return undefined;
  const columns = text.split(' ').map((part) => {
    const at = part.lastIndexOf(':');
    return { name: part.slice(0, at), type: part.slice(at + 1) };
  });
  parsed.set(log, columns);
  return columns;
}

export const zeekLogNames: readonly string[] = Object.keys(logs);
