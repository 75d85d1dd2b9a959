// Proves what goes to stdout in every combination, and that contradictions are refused with the next step.

import { describe, expect, it } from 'vitest';
import { type Arguments, readSettings } from '../../options/index.ts';
import {
  askedInput,
  type OutputPlan,
  planOutput,
  refuseIdleOptions,
  runOptions,
  settleStdout,
} from './capture-plan.ts';

const user = { uid: 1000, home: '/h', sudo: null };

function read(given: Arguments['given'], config: Record<string, unknown> = {}) {
  const sources = { environment: {}, listSeparator: ':', config: { path: 'c', values: config } };
  return readSettings({ command: 'capture', given, ...sources });
}

function plan(given: Arguments['given'], at: { live?: boolean; out?: boolean; err?: boolean } = {}): OutputPlan {
  const { settings, origin } = read(given);
  const around = { stdoutIsTty: at.out ?? false, stderrIsTty: at.err ?? false, user };
  return planOutput(settleStdout(settings, origin), at.live ?? false, around);
}

describe('planOutput', () => {
  it('shows a text summary on stdout when nothing else was asked for', () => {
    expect(plan({})).toMatchObject({ stdout: 'text', summary: 'text', summaryTo: 'stdout', notesTo: 'stdout' });
    expect(plan({}, { live: true, out: true, err: true })).toMatchObject({ chartEverySec: 10, showStatus: true });
    expect(plan({}, { live: true })).toMatchObject({ chartEverySec: 0, showStatus: false });
    expect(plan({}, { out: true, err: true })).toMatchObject({ chartEverySec: 0, showProgress: true });
  });

  it('keeps words away from data on stdout', () => {
    for (const given of [{ json: ['yes'] }, { eve: ['-'] }, { write: ['-'] }]) {
      expect(plan(given)).toMatchObject({ summary: 'none', notesTo: 'stderr' });
      expect(plan({ ...given, summary: ['text'] })).toMatchObject({ summary: 'text', summaryTo: 'stderr' });
    }
    expect(plan({ summary: ['json'] })).toMatchObject({ stdout: 'summary', summaryTo: 'stdout', notesTo: 'stderr' });
    expect(plan({ print: ['yes'] })).toMatchObject({ stdout: 'packets', summaryTo: 'stderr', notesTo: 'stderr' });
    expect(plan({ print: ['yes'] }, { out: true })).toMatchObject({ summaryTo: 'stdout', notesTo: 'stdout' });
    expect(plan({ print: ['yes'], summary: ['text'] })).toMatchObject({ summaryTo: 'stdout' });
  });

  it('shows no moving line where lines of data share the terminal', () => {
    const terminal = { live: true, out: true, err: true };
    expect(plan({ print: ['yes'] }, terminal).showStatus).toBe(false);
    expect(plan({ json: ['yes'] }, terminal).showStatus).toBe(false);
    expect(plan({ json: ['yes'] }, { ...terminal, out: false }).showStatus).toBe(true);
    expect(plan({ quiet: ['yes'] }, terminal)).toMatchObject({
      showStatus: false,
      notesTo: 'nowhere',
      chartEverySec: 0,
    });
  });

  it('writes EVE lines to stdout and a file at once', () => {
    expect(plan({ json: ['yes'], eve: ['e.json'] }).eve).toEqual(['-', 'e.json']);
    expect(plan({ json: ['yes'], eve: ['-'] }).eve).toEqual(['-']);
  });
});

describe('contradictions', () => {
  it('refuses two kinds of data on stdout', () => {
    expect(() => plan({ json: ['yes'], print: ['yes'] })).toThrow('--json and --print exclude each other');
    expect(() => plan({ write: ['-'], summary: ['json'] })).toThrow('-w - and --summary json exclude each other');
  });

  it('lets a flag win over a default of the configuration', () => {
    const { settings, origin } = read({ json: ['yes'] }, { summary: 'json', print: true });
    expect(settleStdout(settings, origin)).toMatchObject({ json: true, summary: null, print: false });
  });

  it('tells which input is meant', () => {
    const asked = (given: Arguments['given'], config = {}) => {
      const { settings, origin } = read(given, config);
      return askedInput(settings, origin);
    };
    expect(asked({})).toBeNull();
    expect(asked({ read: ['a'] }, { interface: 'eth0' })).toEqual({ kind: 'files' });
    expect(asked({ interface: ['lo'] }, { read: ['a'] })).toEqual({ kind: 'interface', name: 'lo' });
    expect(asked({}, { interface: 'eth0' })).toEqual({ kind: 'interface', name: 'eth0' });
    expect(() => asked({ interface: ['lo'], read: ['a'] })).toThrow('-i and -r exclude each other');
  });

  it('refuses options that would do nothing', () => {
    const refuse = (given: Arguments['given'], isLive = false) => {
      const { settings, origin } = read(given);
      refuseIdleOptions(settings, origin, isLive);
    };
    expect(() => refuse({ rotateSize: ['1MB'] })).toThrow('--rotate-size needs -w FILE');
    expect(() => refuse({ rotateSize: ['1MB'], write: ['-'] })).toThrow('--rotate-size needs -w FILE');
    expect(() => refuse({ rotateFiles: ['3'], write: ['f'] })).toThrow('--rotate-files needs --rotate-size');
    expect(() => refuse({ follow: ['yes'] }, true)).toThrow('--follow');
    expect(() => refuse({ write: ['f.pcap.gz'] })).toThrow('does not compress');
    expect(() => refuse({ rotateTime: ['1m'], rotateFiles: ['3'], write: ['f'] })).not.toThrow();
  });
});

describe('runOptions', () => {
  const make = (given: Arguments['given'], who: Parameters<typeof runOptions>[0]['user'] = user) => {
    const { settings } = read(given);
    const live = { kind: 'interface', name: 'eth0' } as const;
    return runOptions({
      settings,
      input: live,
      filter: 'tcp',
      isLive: true,
      plan: plan(given, { live: true }),
      user: who,
      version: '1.2.3',
      detect: null,
    });
  };

  it('carries every setting over', () => {
    expect(
      make({ promiscuous: ['no'], write: ['x.PCAP'], rotateSize: ['1MB'], flowTimeouts: ['udp=9'] }),
    ).toMatchObject({
      input: { kind: 'interface', name: 'eth0', promiscuous: false, backend: 'native', bufferBytes: 64 << 20 },
      filter: 'tcp',
      write: { path: 'x.PCAP', format: 'pcap', rotateBytes: 1e6 },
      flow: { udpIdleSec: 9, tcpIdleSec: 300 },
      threshold: 100,
      wants: { flows: false, packets: false, alerts: true },
      snapshotEveryMs: 1000,
      dropTo: null,
    });
    expect(make({ json: ['yes'], chartEvery: ['200ms'] })).toMatchObject({
      wants: { flows: true },
      snapshotEveryMs: 200,
    });
  });

  it('gives root up to the person who called sudo', () => {
    const sudo = { uid: 501, gid: 20, home: '/u' };
    expect(make({}, { uid: 0, home: '/r', sudo }).dropTo).toMatchObject({ uid: 501, gid: 20 });
  });
});
