// Proves that a flow in the words of other tools is what those tools understand, for both families of addresses and for
// protocols without ports; our own filter is read by our own parser.
import { describe, expect, test } from 'vitest';
import { parseFilter } from '../../../core/index.ts';
import { copyWords, curlWords } from './copy-words.ts';

const flow = { run: 3, flow_id: 17, src_ip: '10.0.0.1', dst_ip: '192.0.2.1', src_port: 51234, dst_port: 443, proto: 6 };

describe('words to copy', () => {
  test('of TCP over IPv4', () => {
    expect(copyWords(flow)).toEqual({
      wireshark: 'ip.addr == 10.0.0.1 && ip.addr == 192.0.2.1 && tcp.port == 51234 && tcp.port == 443',
      bpf: 'host 10.0.0.1 and host 192.0.2.1 and tcp port 51234 and tcp port 443',
      sql: 'SELECT * FROM flows WHERE run = 3 AND flow_id = 17',
      filter: 'ip == 10.0.0.1 and ip == 192.0.2.1 and proto == 6 and port == 51234 and port == 443',
    });
  });

  test('of IPv6, and of protocols without ports', () => {
    const v6 = { ...flow, src_ip: '2001:db8::1', dst_ip: '2001:db8::2' };
    expect(copyWords({ ...v6, proto: 58 })).toMatchObject({
      wireshark: 'ipv6.addr == 2001:db8::1 && ipv6.addr == 2001:db8::2 && icmpv6',
      bpf: 'host 2001:db8::1 and host 2001:db8::2 and ip6 proto 58',
    });
    expect(copyWords({ ...flow, proto: 112 }).wireshark).toMatch(/ && ip\.proto == 112$/);
  });

  test('the filter is one', () => {
    for (const proto of [1, 6, 17]) expect(() => parseFilter(copyWords({ ...flow, proto }).filter)).not.toThrow();
  });

  test('an address cannot leave its quotes in a shell', () => {
    expect(curlWords("http://x/'; rm -rf '")).not.toMatch(/'.*'.*'/);
  });
});
