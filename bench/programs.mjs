// What is compared offline, in the order of running: a name, a job, and a command. To add one: add an entry.
import { execFileSync } from 'node:child_process';
import { accessSync, constants, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

export const projectRoot = dirname(import.meta.dirname);

/** Our program; TAPLIGHT names another build of it. */
export const ours = [process.execPath, process.env.TAPLIGHT ?? join(projectRoot, 'dist', 'main.js')];

/**
 * @typedef {object} Program
 * @property {string} name
 * @property {'floor' | 'flows' | 'all events, EVE' | 'conversations' | 'fields'} job
 * @property {boolean} isOurs
 * @property {boolean} [isExporter] counts among the flow exporters of the first goal
 * @property {boolean} [onPrefix] too slow for the whole file: reads its first packets, and is compared per packet
 * @property {(file: string, out: string) => string[]} command `out` is an empty folder
 */

const nfpcapd = process.env.NFPCAPD;

/** @type {Program[]} */
const all = [
  {
    name: 'taplight',
    job: 'flows',
    isOurs: true,
    command: (file) => [...ours, '-q', '-r', file, '--summary', 'none'],
  },
  {
    name: 'taplight --eve',
    job: 'all events, EVE',
    isOurs: true,
    command: (file, out) => [...ours, '-q', '-r', file, '--summary', 'none', '--eve', join(out, 'eve.json')],
  },
  {
    name: 'tcpdump -w /dev/null',
    job: 'floor',
    isOurs: false,
    command: (file) => ['tcpdump', '-r', file, '-w', '/dev/null'],
  },
  {
    name: 'nfpcapd',
    job: 'flows',
    isOurs: false,
    isExporter: true,
    command: (file, out) => ['nfpcapd', '-r', file, '-w', out],
  },
  ...(nfpcapd === undefined
    ? []
    : [
        /** @type {Program} */ ({
          name: 'nfpcapd (NFPCAPD)',
          job: 'flows',
          isOurs: false,
          isExporter: true,
          command: (file, out) => [nfpcapd, '-r', file, '-w', out],
        }),
      ]),
  {
    name: 'softflowd',
    job: 'flows',
    isOurs: false,
    isExporter: true,
    command: (file) => ['softflowd', '-r', file, '-m', '1000000', '-d'],
  },
  {
    name: 'Suricata, one thread',
    job: 'all events, EVE',
    isOurs: false,
    command: (file, out) => {
      const config = join(out, 'same-events.yaml');
      writeFileSync(config, suricataConfig);
      return [
        'suricata',
        '-r',
        file,
        '-S',
        '/dev/null',
        '-k',
        'none',
        '-l',
        out,
        '--runmode',
        'single',
        '--include',
        config,
      ];
    },
  },
  {
    name: 'tshark -z conv,tcp -z conv,udp',
    job: 'conversations',
    isOurs: false,
    onPrefix: true,
    command: (file) => ['tshark', '-n', '-q', '-r', file, '-z', 'conv,tcp', '-z', 'conv,udp'],
  },
  {
    name: 'tshark -T fields',
    job: 'fields',
    isOurs: false,
    onPrefix: true,
    command: (file) => [
      'tshark',
      '-n',
      '-r',
      file,
      '-Y',
      'dns || http || tls || ssh || ntp',
      '-T',
      'fields',
      ...tsharkFields,
    ],
  },
];

/** Suricata writes the event types that we write, and nothing else; fingerprints are made as ours are. */
const suricataConfig = `%YAML 1.1
---
stats:
  enabled: no
app-layer:
  protocols:
    tls:
      ja3-fingerprints: yes
outputs:
  - eve-log:
      enabled: yes
      filetype: regular
      filename: eve.json
      community-id: true
      types:
        - flow
        - http: {extended: yes}
        - dns
        - tls: {extended: yes}
        - files
        - ssh
        - smtp
        - ftp
        - smb
        - nfs
        - tftp
        - ike
        - dcerpc
        - krb5
        - snmp
        - rfb
        - sip
        - dhcp: {extended: yes}
        - mqtt
        - http2
        - pgsql
        - quic
        - rdp
        - anomaly: {types: {applayer: yes}}
`;

/** What our events of the workloads hold, in TShark's names. */
const tsharkFields = [
  'frame.time_epoch',
  'ip.src',
  'ip.dst',
  'tcp.srcport',
  'tcp.dstport',
  'udp.srcport',
  'udp.dstport',
  'dns.id',
  'dns.qry.name',
  'dns.qry.type',
  'dns.flags.rcode',
  'dns.resp.name',
  'dns.a',
  'dns.aaaa',
  'dns.resp.ttl',
  'http.request.method',
  'http.host',
  'http.request.uri',
  'http.user_agent',
  'http.response.code',
  'http.content_type',
  'http.content_length',
  'tls.handshake.extensions_server_name',
  'tls.handshake.version',
  'tls.handshake.ciphersuite',
  'tls.handshake.extensions_alpn_str',
  'tls.handshake.ja3',
  'tls.handshake.ja3s',
  'x509sat.printableString',
  'x509sat.uTF8String',
  'ssh.protocol',
  'ntp.stratum',
].flatMap((field) => ['-e', field]);

/** Whether a program can be found. @param {string} name */
export function isInstalled(name) {
  const places = name.includes('/') ? [''] : (process.env.PATH ?? '').split(delimiter);
  return places.some((place) => {
    try {
      accessSync(join(place, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Those that match and are installed; what is left out is said on stderr. @param {RegExp} only @returns {Program[]} */
export function programs(only) {
  return all.filter((program) => {
    if (!only.test(program.name)) return false;
    const [command, script] = program.command('', tmpdir());
    const isHere = program.isOurs ? isReadable(script) : isInstalled(command);
    if (!isHere)
      console.error(`left out: ${program.name} (${program.isOurs ? 'run npm run build first' : 'not installed'})`);
    return isHere;
  });
}

/** @param {string} path */
function isReadable(path) {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** What a table needs to be read later: processor, kernel, versions. @param {Program[]} list */
export function describeMachine(list) {
  const lines = [`Node ${process.version}, ${execFileSync('uname', ['-sr']).toString().trim()}, ${processorName()}`];
  for (const program of list) {
    if (program.isOurs) continue;
    const [command] = program.command('', tmpdir());
    lines.push(`${program.name}: ${versionOf(command)}`);
  }
  return lines;
}

function processorName() {
  const info = execFileSync('sh', ['-c', 'grep -m1 "model name" /proc/cpuinfo; nproc']).toString();
  const [model, count] = info
    .replace(/^.*:\s*/, '')
    .trim()
    .split('\n');
  return `${model}, ${count ?? '?'} processors`;
}

/** @param {string} command */
function versionOf(command) {
  // Some of them print their version on stderr, and some end with a failure when asked.
  const flag = /nfpcapd|suricata$/.test(command) ? '-V' : /softflowd/.test(command) ? '-h' : '--version';
  const text = execFileSync('sh', ['-c', `${command} ${flag} 2>&1 | head -3; true`]).toString();
  return (/(\d+\.\d+[\w.-]*)/.exec(text)?.[1] ?? text.split('\n')[0]).trim();
}
