// Programs run on another Windows machine the way PsExec does: copied to a share for administrators, made a service, started
// (MITRE ATT&CK T1569.002, T1021.002; the calls are those of MS-SCMR).

import type { AnyEvent, EventPlace, Severity } from '../../../core/index.ts';
import { defineDetector, seconds } from '../detector.ts';
import { betweenHosts, clientOf, communityAt, serverOf } from '../wording.ts';
import { callOf, isAdminShare, isProgramFile, StepTable, textOf } from './calls.ts';

const copied = 1;
const created = 2;
const started = 4;
const named = 8;

/** Names that PsExec and tools like it give their service, program or pipe. */
const toolNames = /^(?:psexe(?:c|svc)|paexec|csexec|remcom|winexesvc|smbexec|atexec|cmbexec)/i;

function severityOf(bits: number): Severity | null {
  const isService = (bits & created) !== 0;
  if ((bits & named) !== 0 || (isService && (bits & copied) !== 0)) return 'high';
  if (isService && (bits & started) !== 0) return 'medium';
  return null;
}

const words: readonly (readonly [number, string])[] = [
  [copied, 'copied a program to a share for administrators'],
  [created, 'created a service'],
  [started, 'started a service'],
  [named, 'used the names of PsExec'],
];

export const psexec = defineDetector({
  name: 'lateral.psexec',
  title: 'Program run on another machine as a service',
  version: 1,
  severity: 'high',
  mitre: 'T1569.002',
  meaning: 'Whoever has the password of an administrator takes over the next machine like this.',
  benign: 'Administrators use PsExec; software is distributed and agents are installed the same way.',
  next: 'Ask the administrator; see which account logged in, and what the service ran.',
  options: { windowSec: seconds(600, 'Window in which the steps have to follow each other') },
  open: (around) => {
    const steps = new StepTable(around, around.options.windowSec);
    const hear = (at: EventPlace, bit: number, what: string): void => {
      const found = steps.step(at, bit);
      if (found === null) return;
      const severity = severityOf(found.bits);
      if (severity === null || found.bits === found.told) return;
      steps.told();
      const client = clientOf(at);
      const server = serverOf(at);
      const did = words.filter(([one]) => (found.bits & one) !== 0).map(([, text]) => text);
      around.raise({
        key: `${client} → ${server}`,
        sources: [client],
        targets: [server],
        severity,
        observed: did.length,
        threshold: 2,
        unit: 'steps',
        firstUs: found.firstUs,
        firstPacket: found.firstPacket,
        count: found.count,
        explain: `${client} ${did.join(', ')} on ${server}, the last by ${what}.`,
        packets: [found.firstPacket],
        flows: [communityAt(at)],
        filter: `${betweenHosts(client, server)} && (smb || smb2 || svcctl)`,
      });
    };
    const file = (name: unknown): number => {
      const base = textOf(name).split('\\').pop() ?? '';
      return copied | (toolNames.test(base) ? named : 0);
    };
    return {
      events: {
        smb_files(event: AnyEvent, at: EventPlace): void {
          // Opened without contents: it was just made.
          if (event.sizeBytes !== 0 || !isAdminShare(event.path) || !isProgramFile(event.name)) return;
          hear(at, file(event.name), textOf(event.name).slice(0, 80));
        },
        smb(event: AnyEvent, at: EventPlace): void {
          const name = textOf(event.filename);
          if (event.writtenBytes !== undefined && isAdminShare(event.share) && isProgramFile(name)) {
            hear(at, file(name), name.slice(0, 80));
          } else if (name !== '' && event.fuid !== undefined && toolNames.test(name) && !name.includes('.')) {
            hear(at, named, `the pipe ${name.slice(0, 80)}`);
          }
        },
        dcerpc(event: AnyEvent, at: EventPlace): void {
          const call = callOf(event, at);
          if (/^svcctl CreateService/.test(call)) hear(at, created, call);
          else if (/^svcctl StartService/.test(call)) hear(at, started, call);
        },
      },
    };
  },
});
