// Shapes of what scenes and screens say to each other, for the description of the API (see screens/api).

import { z } from '@hono/zod-openapi';
import { columnKinds } from '../../../output/store/index.ts';
import { storedRow } from './answers.ts';
import { limits } from './limits.ts';
import { filterText } from './questions.ts';

const cell = z.unknown().openapi('Cell', {
  description: 'Text, number, true or false, null for what is not known, or a list of them. Times are microseconds.',
});
const micros = z.number().nullable();
const numbers = z.array(z.number());

export const windowRequest = z
  .strictObject({
    table: z.string().max(200).openapi({ example: 'flows' }),
    filter: filterText.optional(),
    columns: z.array(z.string().max(200)).max(500).optional(),
    sort: z
      .strictObject({ column: z.string().max(200), descending: z.boolean() })
      .optional()
      .openapi({ description: 'Left out: newest first.' }),
    from: z.number().int().min(0).max(1_000_000).optional(),
    count: z.number().int().min(1).max(limits.windowRows).optional(),
    range: z
      .strictObject({ fromUs: z.number(), toUs: z.number() })
      .optional()
      .openapi({ description: 'Rows whose time lies in it; flows and hosts that were alive in it.' }),
  })
  .openapi('WindowRequest');

export const rowWindow = z
  .object({
    columns: z.array(z.object({ name: z.string(), kind: z.enum(columnKinds) })),
    rows: z.array(z.array(cell)),
    total: z.number().int().openapi({ description: 'Rows that fit.' }),
    kept: z.number().int().openapi({ description: 'Rows there are.' }),
    forgotten: z.number().int().openapi({ description: 'Rows that gave way to newer ones.' }),
  })
  .openapi('RowWindow');

const sceneState = z.enum(['waiting', 'running', 'done', 'failed']);

export const sceneSnapshot = z
  .object({
    state: sceneState,
    packets: z.number(),
    bytes: z.number(),
    firstUs: micros,
    lastUs: micros,
    alertCounts: z.record(z.string(), z.number()),
    alerts: z.array(z.record(z.string(), z.unknown())),
    forgotten: z.record(z.string(), z.number()),
    names: z.record(z.string(), z.string()).openapi({ description: 'Best name of an address.' }),
    process: z.object({ cpuSec: z.number(), memoryBytes: z.number(), wallSec: z.number() }),
  })
  .loose()
  .openapi('SceneSnapshot', { description: 'How a scene is: the fields of the JSON summary, and more.' });

export const trafficSeries = z
  .object({
    startSec: z.number(),
    stepSec: z.number(),
    packets: numbers,
    bytes: numbers,
    inBytes: numbers.openapi({ description: 'To the networks of the house.' }),
    outBytes: numbers,
    families: z.array(numbers).openapi({ description: 'Bytes by family of protocols.' }),
    newFlows: numbers,
    segments: numbers,
    repeated: numbers,
    rtt: z.array(numbers).openapi({ description: 'How many round trips fell into each bin, by column.' }),
    responses: z.array(numbers),
  })
  .openapi('TrafficSeries', { description: 'One value per column in each list, without gaps in time.' });

export const flowDetails = z
  .object({
    flow: storedRow,
    transactions: z.array(z.object({ table: z.string(), row: storedRow })),
    alerts: z.array(z.record(z.string(), z.unknown())),
    timeline: z.object({ startUs: z.number(), stepUs: z.number(), forward: numbers, backward: numbers }).nullable(),
    hasPackets: z.boolean(),
  })
  .openapi('FlowDetails');

export const packetDetails = z
  .object({
    number: z.number().int(),
    timeUs: z.number(),
    wireLen: z.number().int(),
    hex: z.string(),
    summary: z.string(),
    isForward: z.boolean(),
    layers: z.array(
      z.object({
        name: z.string(),
        from: z.number().int(),
        to: z.number().int(),
        fields: z.array(z.array(z.string())),
      }),
    ),
  })
  .openapi('PacketDetails');

export const sceneAbout = z
  .object({
    id: z.string().openapi({ description: '`main`, or a number in letters.' }),
    kind: z.enum(['interface', 'file', 'pipe', 'store', 'demo']),
    names: z.array(z.string()),
    isLive: z.boolean(),
    can: z.object({ packets: z.boolean(), history: z.boolean(), acknowledge: z.boolean(), places: z.boolean() }),
  })
  .openapi('SceneAbout');

export const sceneEntry = z.object({ about: sceneAbout, state: sceneState }).openapi('SceneEntry');

const protocolField = z.object({
  column: z.string(),
  kind: z.string(),
  title: z.string(),
  unit: z.string().nullable(),
  filters: z.array(z.string()),
});

export const sceneInfo = z
  .object({
    about: sceneAbout,
    state: sceneState,
    protocols: z.array(
      z.object({ name: z.string(), title: z.string(), family: z.string(), fields: z.array(protocolField) }),
    ),
    failure: z.object({ code: z.string(), message: z.string(), hint: z.string() }).nullable(),
  })
  .openapi('SceneInfo');

const both = z.object({ rx: z.number(), tx: z.number() }).nullable();

export const interfaceRow = z
  .object({
    number: z.number().int(),
    name: z.string(),
    addresses: z.array(z.string()),
    mac: z.string().nullable(),
    kind: z.string(),
    up: z.boolean(),
    running: z.boolean(),
    connected: z.boolean().nullable(),
    mtu: z.number().nullable(),
    speed_bps: z.number().nullable(),
    description: z.string(),
    default_route: z.boolean(),
    bytes: both,
    packets: both,
    bytes_per_s: both,
    packets_per_s: both,
  })
  .openapi('Interface');
