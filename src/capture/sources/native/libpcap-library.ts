// libpcap (or Npcap, its Windows form) as a set of typed functions, pcap(3PCAP). Nothing is loaded until the first call
// of `loadLibpcap`, so a start without a filter and without a libpcap capture never pays for the foreign function layer.
import { Failure } from '../../../core/index.ts';
import { type Koffi, requireKoffi } from './koffi.ts';

/** A C pointer that is not NULL. */
export type Pointer = bigint;
/** Memory of ours that C fills: any typed array; it is only used while the call lasts. */
export type OutMemory = Uint8Array | Int32Array | Uint32Array | BigUint64Array;

/** PCAP_ERRBUF_SIZE. */
export const errorBufferBytes = 256;

/** The functions, under libpcap's own names. `p` is the `pcap_t *`; statuses are libpcap's: 0 ok, negative an error. */
export interface Libpcap {
  readonly koffi: Koffi;
  /** File that was loaded, as it was asked for. */
  readonly file: string;
  pcap_lib_version(): string;
  pcap_open_dead(linkType: number, snapLen: number): Pointer | null;
  pcap_open_offline(path: string, errors: OutMemory): Pointer | null;
  pcap_compile(p: Pointer, program: OutMemory, expression: string, optimize: number, netmask: number): number;
  pcap_freecode(program: OutMemory): void;
  pcap_geterr(p: Pointer): string;
  pcap_statustostr(status: number): string;
  pcap_close(p: Pointer): void;
  pcap_create(device: string, errors: OutMemory): Pointer | null;
  pcap_set_snaplen(p: Pointer, bytes: number): number;
  pcap_set_promisc(p: Pointer, on: number): number;
  pcap_set_timeout(p: Pointer, milliseconds: number): number;
  pcap_set_buffer_size(p: Pointer, bytes: number): number;
  pcap_set_immediate_mode(p: Pointer, on: number): number;
  pcap_set_tstamp_precision(p: Pointer, precision: number): number;
  pcap_get_tstamp_precision(p: Pointer): number;
  pcap_activate(p: Pointer): number;
  pcap_setnonblock(p: Pointer, on: number, errors: OutMemory): number;
  /** `header` and `data` are BigUint64Array(1) (pointer-sized): they receive `struct pcap_pkthdr *` and `u_char *`. */
  pcap_next_ex(p: Pointer, header: OutMemory, data: OutMemory): number;
  pcap_setfilter(p: Pointer, program: OutMemory): number;
  /** `stats` is Uint32Array(8): ps_recv, ps_drop, ps_ifdrop, then what Windows adds. */
  pcap_stats(p: Pointer, stats: OutMemory): number;
  pcap_datalink(p: Pointer): number;
  pcap_snapshot(p: Pointer): number;
  pcap_breakloop(p: Pointer): void;
  /** `list` is BigUint64Array(1): receives the first `pcap_if_t *`, 0 when there is none. */
  pcap_findalldevs(list: OutMemory, errors: OutMemory): number;
  pcap_freealldevs(list: Pointer): void;
  /** `net` and `mask` are Uint32Array(1), network byte order. */
  pcap_lookupnet(device: string, net: OutMemory, mask: OutMemory, errors: OutMemory): number;
  /** Null on Windows, where there is no descriptor to wait for. */
  readonly pcap_get_selectable_fd: ((p: Pointer) => number) | null;
}

const prototypes: readonly (readonly [keyof Libpcap, string])[] = [
  ['pcap_lib_version', 'const char *pcap_lib_version()'],
  ['pcap_open_dead', 'void *pcap_open_dead(int linktype, int snaplen)'],
  ['pcap_open_offline', 'void *pcap_open_offline(const char *path, void *errors)'],
  ['pcap_compile', 'int pcap_compile(void *p, void *program, const char *expression, int optimize, uint32_t mask)'],
  ['pcap_freecode', 'void pcap_freecode(void *program)'],
  ['pcap_geterr', 'const char *pcap_geterr(void *p)'],
  ['pcap_statustostr', 'const char *pcap_statustostr(int status)'],
  ['pcap_close', 'void pcap_close(void *p)'],
  ['pcap_create', 'void *pcap_create(const char *device, void *errors)'],
  ['pcap_set_snaplen', 'int pcap_set_snaplen(void *p, int bytes)'],
  ['pcap_set_promisc', 'int pcap_set_promisc(void *p, int on)'],
  ['pcap_set_timeout', 'int pcap_set_timeout(void *p, int milliseconds)'],
  ['pcap_set_buffer_size', 'int pcap_set_buffer_size(void *p, int bytes)'],
  ['pcap_set_immediate_mode', 'int pcap_set_immediate_mode(void *p, int on)'],
  ['pcap_set_tstamp_precision', 'int pcap_set_tstamp_precision(void *p, int precision)'],
  ['pcap_get_tstamp_precision', 'int pcap_get_tstamp_precision(void *p)'],
  ['pcap_activate', 'int pcap_activate(void *p)'],
  ['pcap_setnonblock', 'int pcap_setnonblock(void *p, int on, void *errors)'],
  ['pcap_next_ex', 'int pcap_next_ex(void *p, void *header, void *data)'],
  ['pcap_setfilter', 'int pcap_setfilter(void *p, void *program)'],
  ['pcap_stats', 'int pcap_stats(void *p, void *stats)'],
  ['pcap_datalink', 'int pcap_datalink(void *p)'],
  ['pcap_snapshot', 'int pcap_snapshot(void *p)'],
  ['pcap_breakloop', 'void pcap_breakloop(void *p)'],
  ['pcap_findalldevs', 'int pcap_findalldevs(void *list, void *errors)'],
  ['pcap_freealldevs', 'void pcap_freealldevs(void *list)'],
  ['pcap_lookupnet', 'int pcap_lookupnet(const char *device, void *net, void *mask, void *errors)'],
];

/** Names to try, most specific first; Debian's file still carries the soname of 2004, everybody else's is `.1`. */
export function libpcapFiles(platform: NodeJS.Platform): readonly string[] {
  if (platform === 'win32') return ['wpcap.dll'];
  if (platform === 'darwin') return ['libpcap.A.dylib', '/usr/lib/libpcap.A.dylib', 'libpcap.dylib'];
  return ['libpcap.so.1', 'libpcap.so.0.8', 'libpcap.so'];
}

/** The next thing to do where libpcap is absent. */
export function installHint(platform: NodeJS.Platform): string {
  if (platform === 'win32') return 'Install Npcap from https://npcap.com and start again.';
  if (platform === 'darwin') return 'macOS ships libpcap; if it was removed: brew install libpcap';
  if (platform === 'freebsd' || platform === 'openbsd') return 'The base system ships libpcap; check ldconfig -r.';
  return (
    'Install it: apt install libpcap0.8 (Debian, Ubuntu), dnf install libpcap (Fedora, RHEL), ' +
    'apk add libpcap (Alpine), pacman -S libpcap (Arch)'
  );
}

let loaded: Libpcap | null = null;

/**
 * Gives the library, loaded once per thread.
 *
 * @throws Failure LIBRARY_MISSING when libpcap (or koffi's binary for this platform) is absent.
 */
export function loadLibpcap(files: readonly string[] = libpcapFiles(process.platform)): Libpcap {
  if (loaded === null) loaded = open(requireKoffi('calls libpcap'), files);
  return loaded;
}

function open(koffi: Koffi, files: readonly string[]): Libpcap {
  if (process.platform === 'win32') addNpcapFolder(koffi);
  const causes: unknown[] = [];
  for (const file of files) {
    try {
      return bind(koffi, koffi.load(file), file);
    } catch (cause) {
      causes.push(cause);
    }
  }
  throw new Failure(
    'LIBRARY_MISSING',
    `libpcap, which compiles capture filters, was not found (tried ${files.join(', ')})`,
    installHint(process.platform),
    new AggregateError(causes),
  );
}

function bind(koffi: Koffi, library: ReturnType<Koffi['load']>, file: string): Libpcap {
  const functions: Record<string, unknown> = { koffi, file };
  for (const [name, prototype] of prototypes) functions[name] = library.func(prototype);
  functions.pcap_get_selectable_fd =
    process.platform === 'win32' ? null : library.func('int pcap_get_selectable_fd(void *p)');
  // The table above binds every name the interface declares; a test calls each of them by name.
  return functions as unknown as Libpcap;
}

/** Npcap keeps its DLLs in a folder of its own, so that they do not shadow WinPcap's. */
function addNpcapFolder(koffi: Koffi): void {
  const setFolder = koffi.load('kernel32.dll').func('bool __stdcall SetDllDirectoryW(const char16_t *folder)');
  setFolder(`${process.env.SystemRoot ?? 'C:\\Windows'}\\System32\\Npcap`);
}
