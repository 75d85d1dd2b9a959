// Proves that steps from one Windows machine to the next are told as one alert for two hosts, and what monitoring, printing
// and domain controllers do is not.

import { describe, expect, it } from 'vitest';
import type { AnyEvent } from '../../../core/index.ts';
import { Stage } from '../golden/stage.ts';
import { dcsync } from './dcsync.ts';
import { psexec } from './psexec.ts';
import { coercion, remoteTask, wmi } from './remote-calls.ts';

const call = (endpoint: string, operation: string): AnyEvent => ({ endpoint, operation });
const log = { only: 'log', sPort: 49_700 } as const;

describe('lateral.psexec', () => {
  const copy = { action: 'SMB::FILE_OPEN', path: '\\\\10.0.0.2\\ADMIN$', name: 'agent.exe', sizeBytes: 0 };
  const create = call('svcctl', 'CreateServiceW');
  const start = call('svcctl', 'StartServiceW');

  it('hit: a program copied, made a service and started, in one alert', () => {
    const stage = new Stage(psexec).event('smb_files', copy, log);
    expect(stage.alerts).toEqual([]);
    stage.event('dcerpc', create, log).event('dcerpc', start, log).event('dcerpc', start, log);
    expect(stage.alerts.map(({ severity, packet, observed }) => [severity, packet, observed])).toEqual([
      ['high', 2, 3],
    ]);
  });

  it('hit: by name at once; a service alone is medium', () => {
    expect(new Stage(psexec).event('smb_files', { ...copy, name: 'PSEXESVC.exe' }, log).alerts[0].severity).toBe(
      'high',
    );
    const pipe = { command: 'SMB2_COMMAND_CREATE', filename: 'PSEXESVC-a-1-stdin', fuid: '1' };
    expect(new Stage(psexec).event('smb', pipe).alerts[0].severity).toBe('high');
    const stage = new Stage(psexec).event('dcerpc', create, log).event('dcerpc', start, log);
    expect(stage.alerts.map(({ severity }) => severity)).toEqual(['medium']);
  });

  it('miss: a service that is asked about, a file that was there, another share, steps an hour apart', () => {
    const stage = new Stage(psexec)
      .event('dcerpc', call('svcctl', 'QueryServiceStatus'), log)
      .event('dcerpc', start, log)
      .event('smb_files', { ...copy, sizeBytes: 500 }, log)
      .event('smb_files', { ...copy, path: '\\\\10.0.0.2\\public' }, log)
      .wait(3600)
      .event('dcerpc', create, log)
      .event('dcerpc', create, { ...log, only: 'eve' });
    expect(stage.alerts).toEqual([]);
  });
});

describe('single calls', () => {
  it('hit: a method of WMI, a task, a login that is forced', () => {
    const stage = new Stage([wmi, remoteTask, coercion])
      .event('dcerpc', call('IWbemServices', 'ExecMethod'), log)
      .event('dcerpc', call('IWbemServices', 'ExecMethod'), log)
      .event('dcerpc', call('ITaskSchedulerService', 'SchRpcRegisterTask'), log)
      .event('dcerpc', call('efsrpc', 'EfsRpcOpenFileRaw'), log);
    expect(stage.alerts.map(({ detector, count }) => [detector, count])).toEqual([
      ['lateral.wmi', 2],
      ['lateral.task', 1],
      ['lateral.coercion', 1],
    ]);
  });

  it('hit: a single task is low; several, or at a second server, are medium', () => {
    const task = call('atsvc', 'NetrJobAdd');
    const severities = (stage: Stage) => stage.alerts.map(({ severity }) => severity);
    const stage = new Stage(remoteTask).event('dcerpc', task, log).event('dcerpc', task, log);
    expect(severities(stage)).toEqual(['low']);
    for (let i = 0; i < 2; i++) stage.event('dcerpc', task, log);
    expect(severities(stage)).toEqual(['medium']);
    const two = new Stage(remoteTask).event('dcerpc', task, log).event('dcerpc', task, { ...log, to: '10.0.0.9' });
    expect(severities(two)).toEqual(['low', 'medium']);
  });

  it('miss: questions', () => {
    const stage = new Stage([wmi, remoteTask, coercion])
      .event('dcerpc', call('IWbemServices', 'ExecQuery'), log)
      .event('dcerpc', call('ITaskSchedulerService', 'SchRpcEnumTasks'), log)
      .event('dcerpc', call('spoolss', 'RpcOpenPrinter'), log)
      .event('dcerpc', { request: 'BIND' }, { only: 'eve' });
    expect(stage.alerts).toEqual([]);
  });
});

describe('lateral.dcsync', () => {
  const changes = call('drsuapi', 'DRSGetNCChanges');

  it('hit: by somebody who is no domain controller', () => {
    const stage = new Stage(dcsync).event('dcerpc', changes, log).event('dcerpc', changes, log);
    expect(stage.alerts.map(({ severity, count, confidence }) => [severity, count, confidence])).toEqual([
      ['high', 2, 1],
    ]);
  });

  it('hit: without the beginning of the conversation, by numbers and sizes', () => {
    const unnamed = (opnum: number, asked: number, answered: number): AnyEvent => ({
      request: 'REQUEST',
      req: { opnum, stub_data_size: asked },
      res: { stub_data_size: answered },
    });
    const place = { only: 'eve', sPort: 49_700, flowId: 12_345_678_901 } as const;
    const stage = new Stage(dcsync);
    for (const opnum of [0, 16, 12, 0]) stage.event('dcerpc', unnamed(opnum, 180, 200), place);
    expect(stage.alerts).toEqual([]);
    stage.event('dcerpc', unnamed(3, 436, 4860), place);
    expect(stage.alerts.map(({ confidence }) => confidence)).toEqual([0.6]);
  });

  it('miss: by a domain controller, known by Kerberos or by replication the other way', () => {
    const stage = new Stage(dcsync)
      .event('kerberos', { message: 'KRB_AS_REP' }, { to: '10.0.0.1', only: 'eve' })
      .event('dcerpc', changes, log)
      .event('dcerpc', call('drsuapi', 'DRSBind'), { ...log, from: '10.0.0.9', to: '10.0.0.8' })
      .event('dcerpc', changes, { ...log, from: '10.0.0.8', to: '10.0.0.9' });
    expect(stage.alerts).toEqual([]);
  });
});
