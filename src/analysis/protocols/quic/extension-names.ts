// Names of TLS extensions as Suricata writes them (IANA TLS ExtensionType values; RFC 6066, RFC 8446 §4.2, RFC 9001 §8.2).

const first = (
  'server_name max_fragment_length client_certificate_url trusted_ca_keys truncated_hmac status_request user_mapping ' +
  'client_authz server_authz cert_type supported_groups ec_point_formats srp signature_algorithms use_srtp heartbeat ' +
  'alpn status_request_v2 signed_certificate_timestamp client_certificate_type server_certificate_type padding ' +
  'encrypt_then_mac extended_master_secret token_binding cached_info tls_lts compress_certificate record_size_limit ' +
  'pwd_protect pwd_clear password_salt ticket_pinning tls_cert_with_extern_psk delegated_credentials session_ticket ' +
  'tlmsp tlmsp_proxying tlmsp_delegate supported_ekt_ciphers'
).split(' ');

const later: ReadonlyMap<number, string> = new Map([
  [41, 'pre_shared_key'],
  [42, 'early_data'],
  [43, 'supported_versions'],
  [44, 'cookie'],
  [45, 'psk_key_exchange_modes'],
  [47, 'certificate_authorities'],
  [48, 'oid_filters'],
  [49, 'post_handshake_auth'],
  [50, 'signature_algorithms_cert'],
  [51, 'key_share'],
  [52, 'transparency_info'],
  [53, 'connection_id_deprecated'],
  [54, 'connection_id'],
  [55, 'external_id_hash'],
  [56, 'external_session_id'],
  [57, 'quic_transport_parameters'],
  [58, 'ticket_request'],
  [59, 'dnssec_chain'],
  [13172, 'next_protocol_negotiation'],
  [65281, 'renegotiation_info'],
]);

/** undefined for an extension without a name, GREASE among them. */
export const extensionName = (type: number): string | undefined => first[type] ?? later.get(type);
