// Captures that no list labels and that hold an attack all the same: found among the false alarms, looked at packet by
// packet. Each with what it holds.

/** @type {Record<string, string>} */
export const notBenign = {
  // The same 90 minutes as westermo-reduced-right, with the simulator's traffic: the events are in westermo-labels.csv.
  'bench/ics-westermo/westermo-extended-right.pcap':
    'man in the middle, addresses used twice, scans, password guessing',
  // Two network cards that ask every second with 170.151.24.203 as their address.
  'wireshark/4.pcap': 'an address used twice',
  // Pings and queries through a station that answers ARP and then says that it reaches nothing (ICMP in packets 68 to 74).
  'ipfixprobe/mixed.pcap': 'a gateway that leads nowhere',
  // One Ethernet source asks in the name of 50 clients within 5 ms.
  'zeek/dhcp/dhcp-unique-xid-join-data-growth.pcapng': 'DHCP starvation, made for a test',
};
