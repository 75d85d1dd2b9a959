/**
 * What a conversation says; one file per protocol.
 *
 * Guarantees: a talk never throws, never loops on its input, and keeps a bounded number of bytes; text is made safe to
 * show before it leaves; secrets (passwords, tokens, cookies, communities) are masked, user names are kept. Every field
 * is declared once, in its protocol.
 *
 * To add one: write the file, add the line.
 */

import { irc } from './chat/irc.ts';
import { xmpp } from './chat/xmpp.ts';
import { amqp } from './data/amqp.ts';
import { cassandra } from './data/cassandra.ts';
import { memcached } from './data/memcached.ts';
import { mongodb } from './data/mongodb.ts';
import { mqtt } from './data/mqtt.ts';
import { mqttConnect, mqttPublish, mqttSubscribe } from './data/mqtt-logs.ts';
import { mysql } from './data/mysql.ts';
import { postgresql } from './data/postgresql.ts';
import { redis } from './data/redis.ts';
import { ftp } from './files/ftp.ts';
import { ftpData } from './files/ftp-data.ts';
import { bacnet } from './industry/bacnet.ts';
import { dnp3 } from './industry/dnp3.ts';
import { ethernetIp } from './industry/ethernet-ip.ts';
import { iec104 } from './industry/iec104.ts';
import { modbus, modbusMessage } from './industry/modbus.ts';
import { opcua } from './industry/opcua.ts';
import { s7comm } from './industry/s7comm.ts';
import { adb } from './login/adb.ts';
import { ssh } from './login/ssh.ts';
import { telnet } from './login/telnet.ts';
import { vnc } from './login/vnc.ts';
import { dhcp } from './machine/dhcp.ts';
import { dhcpv6 } from './machine/dhcpv6.ts';
import { nbdgm } from './machine/nbdgm.ts';
import { ntp } from './machine/ntp.ts';
import { radius } from './machine/radius.ts';
import { snmp } from './machine/snmp.ts';
import { ssdp } from './machine/ssdp.ts';
import { syslog } from './machine/syslog.ts';
import { tftp } from './machine/tftp.ts';
import { imap } from './mail/imap.ts';
import { pop3 } from './mail/pop3.ts';
import { smtp } from './mail/smtp.ts';
import { rtcp } from './media/rtp/rtcp.ts';
import { rtp } from './media/rtp/rtp.ts';
import { rtsp } from './media/rtsp/rtsp.ts';
import { sip } from './media/sip/sip.ts';
import { sipCall } from './media/sip/sip-calls.ts';

import { t38 } from './media/t38.ts';
import { namedProtocols } from './named/index.ts';
import { dns } from './names/dns.ts';
import { llmnr } from './names/llmnr.ts';
import { mdns } from './names/mdns.ts';
import { nbns } from './names/nbns.ts';
import { bittorrent } from './peers/bittorrent.ts';
import { bittorrentDht } from './peers/bittorrent-dht.ts';
import type { Protocol } from './protocol.ts';
import { http3 } from './quic/inside/http3.ts';
import { quic } from './quic/quic.ts';
import { dtls } from './tls/dtls.ts';
import { tls } from './tls/tls.ts';
import { x509 } from './tls/x509/x509.ts';
import { ike } from './tunnels/ipsec/ike.ts';
import { openvpn } from './tunnels/openvpn.ts';
import { socks } from './tunnels/socks.ts';
import { stun } from './tunnels/stun.ts';
import { wireguard } from './tunnels/wireguard.ts';
import { files } from './web/files.ts';
import { http } from './web/http/http.ts';
import { http2 } from './web/http2/http2.ts';
import { proxyProtocol } from './web/proxy-protocol.ts';
import { websocket } from './web/websocket.ts';
import { dcerpc } from './windows/dcerpc/dcerpc.ts';
import { kerberos } from './windows/kerberos/kerberos.ts';
import { ldap, ldapSearch } from './windows/ldap/ldap.ts';
import { ntlm } from './windows/ntlm.ts';
import { rdp, rdpUdp } from './windows/rdp/rdp.ts';
import { nfs, rpc } from './windows/rpc/rpc.ts';
import { smbFile, smbMapping } from './windows/smb/fields.ts';
import { smb } from './windows/smb/smb.ts';

/**
 * In order of probing: those of a flow's ports are asked first, then all. Strong signs stand before weak ones, name-only ones
 * last. Those without a probe are told by others.
 */
export const protocols: readonly Protocol[] = [
  // the web, and what carries it
  dtls,
  tls,
  x509,
  http3,
  quic,
  files,
  http,
  http2,
  proxyProtocol,
  websocket,
  // names
  dns,
  llmnr,
  mdns,
  nbns,
  // logins and mail
  ssh,
  telnet,
  vnc,
  adb,
  imap,
  pop3,
  smtp,
  ftpData,
  ftp,
  // Windows networks and remote procedures
  dcerpc,
  kerberos,
  ldapSearch,
  ldap,
  ntlm,
  rdp,
  rdpUdp,
  nfs,
  rpc,
  smbFile,
  smbMapping,
  smb,
  // databases and brokers
  amqp,
  cassandra,
  memcached,
  mongodb,
  mqttConnect,
  mqttPublish,
  mqttSubscribe,
  mqtt,
  mysql,
  postgresql,
  redis,
  // industry
  bacnet,
  dnp3,
  ethernetIp,
  iec104,
  modbusMessage,
  modbus,
  opcua,
  s7comm,
  // tunnels and peers
  ike,
  openvpn,
  socks,
  stun,
  wireguard,
  bittorrentDht,
  bittorrent,
  // chat, calls and media
  irc,
  xmpp,
  rtcp,
  rtsp,
  sipCall,
  sip,
  t38,
  // the machinery of networks
  dhcp,
  dhcpv6,
  nbdgm,
  ntp,
  radius,
  snmp,
  ssdp,
  syslog,
  tftp,
  rtp,
  // named by their first bytes only
  ...namedProtocols,
];

export * from './protocol.ts';
