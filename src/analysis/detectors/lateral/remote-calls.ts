// Single calls by which one Windows machine makes another do something: WMI methods, scheduled tasks, and calls that make a
// server log in to whom the caller names (MITRE ATT&CK T1047, T1053.005, T1187).

import type { AnyEvent, EventPlace, Severity } from '../../../core/index.ts';
import { hashWords, type KeyTable } from '../../sketches/index.ts';
import { count, defineDetector } from '../detector.ts';
import { Repeats, repeatsTable } from '../repeats.ts';
import { betweenHosts, clientOf, communityAt, counted, serverOf } from '../wording.ts';
import { callOf } from './calls.ts';

interface Kind {
  readonly name: string;
  readonly title: string;
  readonly mitre: string;
  readonly severity: Severity;
  /** Calls up to which it is low: administrators make some; `severity` beyond, or when a host does so on several. */
  readonly few?: number;
  readonly meaning: string;
  readonly benign: string;
  readonly next: string;
  /** What the calls did, before whom they were sent to. */
  readonly did: string;
  readonly calls: RegExp;
  readonly filter: string;
}

/** Whether a client has called other servers before. */
function spreads(places: KeyTable, sec: number, at: EventPlace): boolean {
  const row = places.claim(sec, at.ipVersion, at.c0, at.c1, at.c2, at.c3);
  if (row < 0) return false;
  const w = places.words;
  const o = places.at(row);
  const server = hashWords(at.s0, at.s1, at.s2, at.s3) | 1;
  if (w[o] !== 0 && w[o] !== server) w[o + 1] = 1;
  w[o] = server;
  return w[o + 1] === 1;
}

const callDetector = (kind: Kind) =>
  defineDetector({
    name: kind.name,
    title: kind.title,
    version: 1,
    severity: kind.severity,
    mitre: kind.mitre,
    meaning: kind.meaning,
    benign: kind.benign,
    next: kind.next,
    options: {
      calls: count(1, 'Calls of one host to another before it is told'),
      few: count(kind.few ?? 0, 'Calls up to which it is low, as long as they go to one server'),
    },
    open: ({ options, now, table, raise }) => {
      const seen = new Repeats(table(repeatsTable(256)), now);
      // The latest server of a client: one word for each of 256 clients.
      const places = table({ capacity: 256, keyWords: 5, words: 2, idleSec: 3600 });
      return {
        events: {
          dcerpc(event: AnyEvent, at: EventPlace): void {
            const call = callOf(event, at);
            if (call === '' || !kind.calls.test(call)) return;
            const isSpreading = spreads(places, now.sec, at);
            const repeated = seen.pair(at, 0, options.calls);
            if (repeated === null) return;
            const client = clientOf(at);
            const server = serverOf(at);
            raise({
              key: `${client} → ${server}`,
              sources: [client],
              targets: [server],
              severity: repeated.count <= options.few && !isSpreading ? 'low' : kind.severity,
              observed: repeated.count,
              threshold: options.calls,
              unit: 'calls',
              firstUs: repeated.firstUs,
              firstPacket: repeated.firstPacket,
              count: repeated.count,
              explain: `${client} ${kind.did} ${server} by ${counted(repeated.count, 'call')}, the last ${call}.`,
              flows: [communityAt(at)],
              filter: `${betweenHosts(client, server)} && ${kind.filter}`,
            });
          },
        },
      };
    },
  });

export const wmi = callDetector({
  name: 'lateral.wmi',
  title: 'Method called by WMI on another machine',
  mitre: 'T1047',
  severity: 'medium',
  meaning: 'Methods such as Win32_Process.Create run programs on the other machine and leave few traces there.',
  benign: 'Tools that manage machines call methods as well; monitoring mostly asks only.',
  next: 'See which account logged in, and in the log of the target what was run.',
  did: 'ran a method of WMI on',
  calls: /^IWbemServices (?:ExecMethod|ExecMethodAsync|PutInstance|PutInstanceAsync)$/,
  filter: 'dcerpc',
});

export const remoteTask = callDetector({
  name: 'lateral.task',
  title: 'Task scheduled on another machine',
  mitre: 'T1053.005',
  severity: 'medium',
  meaning: 'A task runs a program on the other machine as whoever its maker likes, once or for ever.',
  benign: 'Administrators and tools for distributing software schedule tasks from afar.',
  next: 'Look at the task on the target: what it runs, as whom, and who made it.',
  // One task, and the call that starts it.
  few: 2,
  did: 'scheduled a task on',
  calls: /^(?:atsvc NetrJobAdd|ITaskSchedulerService (?:SchRpcRegisterTask|SchRpcRun))$/,
  filter: 'dcerpc',
});

export const coercion = callDetector({
  name: 'lateral.coercion',
  title: 'Server made to log in elsewhere',
  mitre: 'T1187',
  severity: 'medium',
  meaning:
    'The call makes the server log in to a machine of the caller, who passes that login on (PetitPotam, PrinterBug).',
  benign: 'Printing clients ask for notifications; encrypted files are hardly ever opened from afar.',
  next: 'See where the server connected to by SMB or HTTP right afterwards.',
  did: 'may have made a server log in elsewhere:',
  calls:
    /^(?:efsrpc EfsRpc(?:OpenFileRaw|EncryptFileSrv|DecryptFileSrv|QueryUsersOnFile|QueryRecoveryAgents|RemoveUsersFromFile|AddUsersToFile)|netdfs NetrDfs(?:AddStdRoot|RemoveStdRoot)|FileServerVssAgent IsPathSh\w+)$/,
  filter: 'dcerpc',
});
