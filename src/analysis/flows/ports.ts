// Ports that name a service, for telling who began a conversation that was not seen from its start.

const registered = [
  1080, 1194, 1352, 1433, 1434, 1521, 1645, 1646, 1701, 1719, 1720, 1723, 1812, 1813, 1883, 1900, 2049, 2055, 2082,
  2083, 2123, 2152, 2181, 2375, 2376, 2379, 2404, 3128, 3260, 3268, 3269, 3306, 3389, 3478, 3479, 3544, 3702, 4070,
  4369, 4433, 4500, 4739, 4789, 4840, 5004, 5005, 5060, 5061, 5222, 5223, 5228, 5269, 5349, 5351, 5353, 5355, 5432,
  5555, 5601, 5671, 5672, 5683, 5684, 5900, 5901, 5938, 5984, 5985, 5986, 6000, 6081, 6343, 6379, 6443, 6514, 6653,
  6660, 6667, 6697, 6881, 7000, 7001, 8000, 8008, 8009, 8080, 8081, 8086, 8088, 8333, 8443, 8472, 8883, 8888, 9000,
  9042, 9090, 9092, 9100, 9200, 9300, 9418, 10001, 10050, 10051, 11211, 15672, 17500, 19132, 20000, 25565, 27015, 27017,
  32400, 34980, 44818, 47808, 50000, 51413, 51820,
];

/** 1 for a port below 1024 (except 0) or registered for a service met in practice. */
const known = new Uint8Array(65536);
known.fill(1, 1, 1024);
for (const port of registered) known[port] = 1;

export function isServicePort(port: number): boolean {
  return known[port] === 1;
}

/**
 * Which of two ports is the server's: 1 the destination, -1 the source, 0 undecided. A known service against an unknown
 * port decides; of two known ones the lower below 1024 does when the other is not below 1024.
 */
export function serverSide(srcPort: number, dstPort: number): number {
  const src = known[srcPort];
  const dst = known[dstPort];
  if (src !== dst) return dst - src;
  if (src === 0) return 0;
  const srcWell = srcPort < 1024;
  const dstWell = dstPort < 1024;
  if (srcWell === dstWell) return 0;
  return dstWell ? 1 : -1;
}
