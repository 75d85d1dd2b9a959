// Facts as Zeek's logs, one file each in a folder: conn.log from flows, the others from what protocols told.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AnyEvent,
  type EventFact,
  type FactKind,
  Failure,
  type Flow,
  formatAddress,
} from '../../../core/index.ts';
import type { FileCalls } from '../byte-file.ts';
import { defineSink, type OpenSink, type SinkOptions } from '../sink.ts';
import { SeenToday } from './seen-today.ts';
import { connValues, isConnection, transport } from './zeek-conn.ts';
import { zeekUid } from './zeek-ids.ts';
import { ZeekLog } from './zeek-log.ts';
import { type ZeekColumn, zeekColumns } from './zeek-logs.ts';
import type { ZeekValue } from './zeek-text.ts';

export interface ZeekOptions extends SinkOptions {
  /** JSON lines instead of tab-separated text. */
  readonly json?: boolean;
}

/** Fields of a kind by the column they fill. */
function fieldsByColumn(kind: FactKind): ReadonlyMap<string, string> {
  const columns = new Map<string, string>();
  for (const [name, field] of Object.entries(kind.fields)) if (field.zeek !== undefined) columns.set(field.zeek, name);
  return columns;
}

/** Opens the logs of a folder; a log's file is made with its first line. */
export function openZeek(options: ZeekOptions, nowMs: () => number = Date.now, calls?: FileCalls): OpenSink {
  makeFolder(options.path);
  const json = options.json === true;
  const logs = new Map<string, ZeekLog | null>();
  const certificates = new SeenToday();
  const byKind = new Map<FactKind, ReadonlyMap<string, string>>();

  function logOf(log: string): ZeekLog | null {
    const known = logs.get(log);
    if (known !== undefined) return known;
    const columns = zeekColumns(log);
    const path = join(options.path, `${log}.log`);
    const opened = columns === undefined ? null : new ZeekLog({ path, log, columns, json, nowMs, calls });
    logs.set(log, opened);
    return opened;
  }

  function write(fact: EventFact): void {
    if (fact.kind.zeekLog === undefined || fact.valuesJson === '') return;
    const log = logOf(fact.kind.zeekLog);
    if (log === null) return;
    let columns = byKind.get(fact.kind);
    if (columns === undefined) {
      columns = fieldsByColumn(fact.kind);
      byKind.set(fact.kind, columns);
    }
    const values = fact.values();
    if (fact.kind.zeekLog === 'x509' && !certificates.isNew(certificateKey(values), fact.timeUs)) return;
    log.write((column) => {
      const field = columns.get(column.name);
      // Columns are filled by fields of the type that Zeek has for them: the contract test compares.
      if (field !== undefined) {
        const value = values[field] as ZeekValue;
        if (column.name === 'uids' && Array.isArray(value)) return value.map((id) => zeekUid(Number(id)));
        return column.name === 'source' && typeof value === 'string' ? sourceWord(value) : value;
      }
      return common(fact, column);
    });
  }

  return {
    write: (flow: Flow) => {
      if (!isConnection(flow)) return;
      const values = connValues(flow);
      logOf('conn')?.write((_column, index) => values[index]);
    },
    event: write,
    flush: () => {
      for (const log of logs.values()) log?.flush();
    },
    close: () => {
      for (const log of logs.values()) log?.close();
    },
  };
}

/** What makes a certificate another one for Zeek: its digest, and what it was shown for. */
const certificateKey = ({ fingerprint, isHost, isClient }: AnyEvent): string =>
  `${fingerprint} ${isHost === true} ${isClient === true}`;

/** Zeek names analyzers in capitals. */
const sourceWord = (name: string): string => name.toUpperCase().replaceAll('-', '_');

/** What every line says of its flow. */
function common(fact: EventFact, { name }: ZeekColumn): ZeekValue {
  const { words: w, ipVersion } = fact;
  switch (name) {
    case 'ts':
      return fact.timeUs;
    case 'uid':
      return zeekUid(fact.flowId);
    case 'id.orig_h':
      return formatAddress(ipVersion, w[0], w[1], w[2], w[3]);
    case 'id.orig_p':
      return fact.oPort;
    case 'id.resp_h':
      return formatAddress(ipVersion, w[4], w[5], w[6], w[7]);
    case 'id.resp_p':
      return fact.rPort;
    case 'proto':
      return transport(fact.proto);
    case 'notice':
      return false;
    case 'peer':
      return 'taplight';
    default:
      return undefined;
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    const code = (error as { code?: string } | null)?.code ?? 'unknown error';
    throw new Failure(
      'WRITE_FAILED',
      `cannot make the folder ${path}: ${code}`,
      'Name a folder you may write to.',
      error,
    );
  }
}

export const zeek = defineSink({ name: 'zeek', title: 'Zeek logs', open: (options) => openZeek(options) });
