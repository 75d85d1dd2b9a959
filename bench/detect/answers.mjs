// What is to be found in the labelled captures: by class and by name of the labels, the detectors whose alert answers.

/** Detectors that answer a class of corpus/labels.json. @type {Record<string, string[]>} */
export const byClass = {
  amplification_udp: ['drdos.*'],
  arp_spoof: ['l2.arp-spoof'],
  // A cable network's usual broadcasts: the note in bench/labels.csv asks for silence.
  arp_storm: [],
  auth_failure: ['brute.*', 'login.*'],
  brute_force: ['brute.*'],
  c2_beacon: ['c2.beacon', 'c2.reconnect', 'c2.*'],
  cleartext_credentials: ['cred.clear'],
  cryptomining: ['c2.mining'],
  dga: ['dga.*', 'c2.*', 'web.*'],
  dhcp_starvation: ['l2.dhcp-*'],
  dns_hijack: ['dns.poison', 'dns.*'],
  dns_remote_shell: ['c2.*', 'tunnel.*', 'dns.*'],
  dns_tunnel: ['dns.tunnel*'],
  doh_tunnel: ['c2.*', 'dns.*', 'tunnel.*'],
  dos_packet: ['proto.*', 'exploit.*'],
  exfiltration: ['exfil.*', 'tunnel.*', 'dns.*', 'web.log4shell', 'scan.icmp'],
  exploit: ['exploit.*', 'tls.heartbleed', 'proto.*', 'lateral.*', 'recon.*'],
  file_download: ['web.executable', 'web.*'],
  fragment_attack: ['proto.*'],
  host_sweep: ['scan.*', 'l2.arp-scan'],
  icmp_flood: ['flood.*'],
  icmp_tunnel: ['tunnel.icmp'],
  ipv6_evasion: ['proto.*', 'l2.*', 'flood.*'],
  lateral_movement: ['lateral.*', 'exploit.*'],
  long_connection: ['c2.long'],
  malware_c2: ['c2.*', 'web.*', 'exfil.*', 'tls.*', 'dns.*', 'intel.*', 'cred.*', 'brute.*'],
  os_fingerprint: ['scan.os-fingerprint', 'scan.stealth'],
  port_scan: ['scan.*'],
  reflection_tcp: ['drdos.*', 'flood.*', 'dos.*'],
  session_hijack: ['web.session-hijack', 'proto.*', 'web.*', 'cred.*'],
  slow_http: ['flood.slow-http', 'dos.*', 'flood.*'],
  syn_flood: ['flood.*', 'scan.*'],
  tcp_injection: ['proto.*'],
  tls_anomaly: ['tls.*'],
  udp_flood: ['flood.*'],
  web_attack: ['web.*'],
  worm: ['exploit.*', 'scan.*', 'flood.*'],
};

/** Detectors that answer the words of bench/labels.csv. @type {Record<string, string[]>} */
export const byWord = {
  'BF-SSH': ['brute.ssh'],
  'C2-BEACON': ['c2.beacon'],
  'SCAN-H or SCAN-TRW': ['scan.horizontal', 'scan.trw'],
  'DNS-TUNNEL': ['dns.tunnel'],
  'DNS-TUNNEL(client/server key)': ['dns.tunnel*'],
  'DGA host in HTTP Host': ['dga.*', 'c2.*', 'web.*'],
  'FLOOD-DST': ['flood.*'],
  'L2-DHCP-FLOOD': ['l2.dhcp-flood'],
  'FLOOD-FRAG': ['flood.fragments'],
  'PROTO-SMURF': ['proto.smurf'],
  'FLOOD-SYN': ['flood.syn'],
  'TUN-ICMP': ['tunnel.icmp'],
  'PROTO-V6OPT': ['proto.ipv6-options'],
  'L2-ARPREASK x16; L2-IPCONFLICT x13; SCAN-V x4; BF-SSH x2': [
    'l2.arp-reask',
    'l2.ip-conflict',
    'scan.vertical',
    'brute.ssh',
  ],
  'L2-ARPSPOOF': ['l2.arp-spoof'],
  'L2-RA-KILL': ['l2.ra-kill'],
  'EXPL-ZEROLOGON': ['exploit.zerologon'],
  'PERF-SLOWAPP (server)': ['perf.slow-server'],
  'PERF-ARPFAIL': ['perf.arp-fail', 'perf.slow-dns'],
  'PERF-CONNFAIL': ['perf.connect-fail'],
  'PERF-RETX': ['perf.retransmissions'],
  'PERF-ZEROWIN': ['perf.zero-window'],
  'must NOT be PERF-RETX; CAP-DUP': ['capture.duplicates'],
  'SCAN-V': ['scan.vertical'],
  'SCAN-V at reduced threshold 5': ['scan.vertical', 'scan.trw'],
  // Three single probes: an event, not an alert.
  'SCAN-STEALTH(info)': [],
  'SCAN-OSFP': ['scan.os-fingerprint'],
  'L2-ARPSCAN': ['l2.arp-scan'],
};

/**
 * Labelled captures in which nothing can be found that tells them from ordinary traffic, each with the reason: shown by the
 * bench, and neither met nor missed.
 * @type {Record<string, string>}
 */
export const excused = {
  'attacks/dos_packet/evil-ping.pcap':
    'one ordinary ping of 56 bytes and its answer: lengths, checksums and time to live are as they should be',
  'ndpi/tls_malicious_sha1.pcapng':
    'only a list of bad certificates tells it (--intel of a list with its SHA-1); none is given to the bench',
};

/** Words that ask for silence, and the detectors that have to keep it. @type {Record<string, string[]>} */
export const silence = {
  none: ['*'],
  'none (event only)': ['*'],
  'must NOT be PERF-RETX; CAP-DUP': ['perf.*'],
  'must NOT be reported as SCAN by the victim; DOS-BACKSCATTER allowed': ['scan.*'],
};

/** Words that allow an alert though the capture holds no attack of the captured network's own. @type {Record<string, string[]>} */
export const allowed = {
  'must NOT be reported as SCAN by the victim; DOS-BACKSCATTER allowed': ['dos.backscatter'],
};

/** Whether a detector's name fits a pattern that may end in `*`. @param {string} name @param {string} pattern */
export function fits(name, pattern) {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}
