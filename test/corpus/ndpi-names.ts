// nDPI's names of protocols in ours: what stands before the dot of its name, and every name of ours that says the same.

/** Where nDPI makes fewer distinctions, several of our names say the same; where it makes more, ours is the wider one. */
const table = `
ActivisIon activision
AFP afp
AH ah
AJP ajp
AliCloud alibaba-cloud
AmongUs among-us
AMQP amqp amqp-1.0
ANSI_C1222 ansi-c1222
AnyDesk tls
ArtNet art-net
BACnet bacnet
BeckhoffADS beckhoff-ads
BFCP bfcp
BFD bfd
BGP bgp
BitCoin bitcoin
BitTorrent bittorrent bittorrent-dht utp
BJNP bjnp
CAPWAP capwap
Cassandra cassandra
Ceph ceph
Chargen chargen
CHECKMK checkmk
CIP cip-io
CiscoSkinny skinny
Citrix citrix
CloudflareWarp cloudflare-warp
CNP-IP cnp-ip
COAP coap
CoD_Mobile call-of-duty-mobile
CODESYS codesys
collectd collectd
Controller_Area_Network can
Corba giop
CPHA cpha
CQL cassandra
CryNetwork crynetwork
DB2 drda
DCERPC dcerpc
DHCP dhcp
DHCPV6 dhcpv6
Diameter diameter
DICOM dicom
DirectConnect direct-connect
Discord discord
DLEP dlep
DNP3 dnp3
DNS dns
DNScrypt dnscrypt
DoH_DoT doh dot tls
DRDA drda
Dropbox dropbox
DTLS dtls
ECHO echo
eDonkey edonkey kademlia
EGD egd
EIGRP eigrp
ElasticSearch elasticsearch
EPMD epmd
Ethereum ethereum
EthernetGlobalData egd
EthernetIP enip
EtherSBus ether-s-bus
EtherSIO ether-s-i-o
FastCGI fastcgi
FastTrack kazaa
Finger finger
FINS fins
FIX fix
FTP_CONTROL ftp
FTP_DATA ftp-data
FTPS ftp tls
GameSpy gamespy
Gearman gearman
GELF gelf
GenshinImpact genshin-impact
Git git
GLBP glbp
Gnutella gnutella
GRAYLOG gelf
GRE gre
GTP gtp-c gtp-u gtp-prime
H323 h323
HAProxy proxy-protocol
HART-IP hart-ip
HCL_Notes hcl-notes
HDFS hdfs
Heroes_of_the_Storm heroes-of-the-storm
HiSLIP hislip
HL7 hl7
HSRP hsrp
HTTP http http2 websocket grpc
HTTP2 http2 http
HTTP_Connect http
HTTP_Proxy http
i3D discord
IAX iax2
ICMP icmp
ICMPV6 icmpv6 icmp
IEC60870 iec104
IEC62056 dlms
IEEE-C37118 synchrophasor
IGMP igmp
IMAP imap
IMAPS tls imap
IP_in_IP ipip 6in4
IP_PIM pim
iPerf iperf3
iperf3 iperf3
IPP http
IPSec ike esp ah esp-in-udp
IRC irc
iSCSI iscsi
ISO9506-1-MMS mms iso-session
Jabber xmpp
JetDirect jetdirect
JRMI java-rmi
JSON-RPC json-rpc
Kafka kafka
KCP kcp
Kerberos kerberos
Kismet kismet
KNXnet_IP knxnet-ip
L2TP l2tp
LDAP ldap
LDP ldp
LISP lisp
LLMNR llmnr
LoLWildRift lol-wild-rift
Lustre lustre
MDNS mdns
Megaco megaco
Memcached memcached
MerakiCloud meraki
MGCP mgcp
Minecraft minecraft
Mining stratum bitcoin ethereum monero nano
MNDP mndp
Modbus modbus
Monero monero
MongoDB mongodb
MPEG_TS mpeg-ts
MpegDash http
MQTT mqtt
MS-SQL tds
MSN msn-messenger
MsSQL-TDS tds
Mumble mumble
Munin munin
MySQL mysql
Nano nano
NAT-PMP nat-pmp pcp
Nats nats
NEO4J neo4j
NetBIOS nbns nbdgm smb
NetFlow netflow ipfix
NFS nfs rpc
NoMachine nomachine
NTP ntp
OCSP http
Ookla ookla
OPC-UA opcua
OpenFlow openflow
OpenVPN openvpn
Oracle oracle-tns
Oscar oscar
OSPF ospf
PCAnywhere pcanywhere
PFCP pfcp
POP3 pop3
POPS tls pop3
PostgreSQL postgresql
PPTP pptp
PROFINET_IO dcerpc
PTPv2 ptp
Quake quake
QUIC quic http3 doq doh
Radius radius
RADMIN radmin
RakNet raknet
RDP rdp rdp_udp
Redis redis
RESP redis
RIP rip
RipeAtlas ripe-atlas
RMCP rmcp
Roughtime roughtime
RPC rpc nfs
RPCBIND rpc
RSH rsh
RSVP rsvp
RSYNC rsync
RTCP rtcp srtcp
RTMP rtmp
RTP rtp srtp
RTPS rtps
RTSP rtsp
RX rx
S7Comm s7comm
S7CommPlus s7comm-plus s7comm
SCTP sctp
SD-RTN agora
Service_Location_Protocol service-location
sFlow sflow
SIP sip
SMBv1 smb
SMBv23 smb
SMPP smpp
SMTP smtp
SMTPS tls smtp
SNMP snmp
SOAP http
SOCKS socks
Softether softether
SOMEIP some-ip
Sonos sonos
Soulseek soulseek
Source_Engine source-engine
Spotify spotify
SRTP rtp srtp
SSDP ssdp
SSH ssh
Starcraft starcraft
Steam steam
SteamDatagramRelay steam-datagram-relay
STOMP stomp
STUN stun turn
SunRPC rpc
SVN svn
Syncthing syncthing
Syslog syslog
TACACS tacacs-plus
Tailscale tailscale
TeamSpeak teamspeak
TeamViewer teamviewer
Telegram telegram
Telnet telnet
TencentGames tencent-games
Teredo teredo
TES_Online elder-scrolls-online
TFTP tftp
Thrift thrift
tinc tinc
TiVoConnect tivo
TLS tls doh dot
TPLINK_SHP tp-link
TRDP trdp
TRISTATION tristation
TuyaLP tuya
UBNTAC2 ubiquiti
UMAS modbus
Usenet nntp
Viber viber
VMWARE vmware
VNC vnc
VRRP vrrp
VXLAN vxlan
WebDAV http
WebSocket websocket http
WhatsApp whatsapp
Whois-DAS whois
WireGuard wireguard cloudflare-warp
WorldOfWarcraft world-of-warcraft
WSD ws-discovery
X11 x11
XDMCP xdmcp
Xiaomi xiaomi
Yojimbo yojimbo
Z3950 z3950
Zabbix zabbix
Zookeeper zookeeper
Zoom zoom
ZUG zug
`;

/** Its versions differ in case and in what stands between words. */
const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

const byPlain: ReadonlyMap<string, readonly string[]> = new Map(
  table
    .trim()
    .split('\n')
    .map((row) => row.split(' '))
    .map(([ndpi, ...ours]) => [plain(ndpi), ours]),
);

/** Our names for one of nDPI's; none when we have none. */
export const oursOfNdpi = (name: string): readonly string[] => byPlain.get(plain(name)) ?? [];
