// Proves that filters compile with the right link type and snap length, that mistakes are explained, and that every
// libpcap function that is declared can be called.
import { describe, expect, it } from 'vitest';
import { installHint, libpcapFiles, loadLibpcap } from '../native/libpcap-library.ts';
import { compileFilter, dltOf, linkTypeOf } from './bpf-compile.ts';
import { createMatcher } from './bpf-machine.ts';
import { toSockFilter } from './bpf-program.ts';

describe('compileFilter', () => {
  const failure = (expression: string, type = 1) => {
    try {
      compileFilter(expression, type);
    } catch (cause) {
      return cause;
    }
    return null;
  };

  it('says what it does not understand, and where', () => {
    expect(failure('tcp prt 443')).toMatchObject({
      code: 'BAD_FILTER',
      exitCode: 2,
      message: 'bad filter "tcp prt 443": syntax error after "tcp", at "prt 443"',
      hint: expect.stringContaining('man pcap-filter'),
    });
    expect(failure('tcp and (port 3')).toMatchObject({ message: expect.stringContaining('it ends too early') });
    expect(failure('xx\x1b[31m')).toMatchObject({ message: expect.not.stringContaining('\x1b') });
    expect(failure('tcp port 70000')).toMatchObject({ message: expect.stringContaining('70000') });
    expect(failure('wlan type mgt')).toMatchObject({ message: expect.stringContaining('802.11') });
    expect(failure('tcp', 189)).toMatchObject({ message: expect.stringContaining('for USB_LINUX frames') });
    expect(failure('tcp\0')).toMatchObject({ code: 'BAD_FILTER' });
    expect(failure('')).toBeNull();
    expect(() => createMatcher(compileFilter('ip6 protochain 6', 1))).toThrow(/jumps backwards/);
  });

  it('returns the snap length, knows netmasks, and translates link type numbers both ways', () => {
    expect(compileFilter('tcp', 1, 96).k).toContain(96);
    expect(createMatcher(compileFilter('', 1, 0))(new Uint8Array(1), 0, 1, 1)).toBe(262_144);
    expect(failure('ip broadcast')).toMatchObject({ message: expect.stringContaining('netmask') });
    expect(compileFilter('ip broadcast', 1, 0, 0x00ff_ffff).length).toBeGreaterThan(3);
    for (const type of [0, 1, 9, 100, 101, 105, 106, 113, 127, 228, 276]) expect(linkTypeOf(dltOf(type))).toBe(type);
    expect(toSockFilter(compileFilter('tcp', 1)).length % 8).toBe(0);
  });

  it('does not leak: a thousand filters, good and bad', () => {
    const before = process.memoryUsage.rss();
    for (let i = 0; i < 1000; i++) {
      compileFilter(`tcp port ${i}`, 1);
      if (i % 10 === 0) failure(`port ${i} nonsense`);
    }
    expect(process.memoryUsage.rss() - before).toBeLessThan(100e6);
  });
});

describe('libpcap', () => {
  it('has every function that is declared, and says how to get it where it is absent', () => {
    const libpcap = loadLibpcap();
    expect(libpcapFiles(process.platform)).toContain(libpcap.file);
    expect(libpcap.pcap_lib_version()).toMatch(/libpcap|Npcap/);
    expect(libpcap.pcap_statustostr(-9)).toMatch(/up/);
    const errors = new Uint8Array(256);
    const handle = libpcap.pcap_create('taplight-none', errors);
    if (handle === null) expect.fail('pcap_create gives a handle for any name');
    expect(libpcap.pcap_set_snaplen(handle, 100)).toBe(0);
    expect(libpcap.pcap_set_promisc(handle, 0)).toBe(0);
    expect(libpcap.pcap_set_timeout(handle, 10)).toBe(0);
    expect(libpcap.pcap_set_buffer_size(handle, 1 << 20)).toBe(0);
    expect(libpcap.pcap_set_immediate_mode(handle, 1)).toBe(0);
    expect(libpcap.pcap_activate(handle)).toBeLessThan(0);
    libpcap.pcap_close(handle);
    for (const platform of ['linux', 'darwin', 'win32', 'freebsd'] as const) {
      expect(installHint(platform).length).toBeGreaterThan(20);
    }
  });
});
