// The API put together: the routes, how what goes wrong is told, and the description of it all (OpenAPI 3.1).

import { OpenAPIHono } from '@hono/zod-openapi';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { ZodError } from 'zod';
import { bodyCheck, type DoorOptions, door, knownBy } from './access/door.ts';
import { apiBase } from './api-base.ts';
import { addPages, isPage, loginAnswer, openPaths, type PageOptions, wantsPage } from './pages/pages.ts';
import type { ServerParts } from './parts.ts';
import { problemOf, Refusal } from './refusals.ts';
import { addAlertRoutes } from './routes/alerts.ts';
import { addEntryRoutes } from './routes/entry.ts';
import { addExportRoutes } from './routes/exports.ts';
import { addHistoryRoutes } from './routes/history.ts';
import { addPacketRoutes } from './routes/packets.ts';
import type { Api, ApiEnv } from './routes/route.ts';
import { addDuringRoutes } from './routes/scene/during.ts';
import { addFlowRoutes } from './routes/scene/flows.ts';
import { addLiveRoutes } from './routes/scene/live.ts';
import { addInterfaceRoute, addSceneRoutes } from './routes/scene/scenes.ts';
import { addUploadRoute, uploadPath } from './routes/scene/upload.ts';
import { addMetricsRoute, addStatusRoute } from './routes/status.ts';
import { addWordRoutes } from './routes/words.ts';
import type { StreamCounters } from './scenes/event-stream.ts';
import { limits } from './shapes/limits.ts';

export interface ApiOptions {
  readonly parts: ServerParts;
  /** Null: who reaches this API may ask (the socket in the store's folder). */
  readonly entry: (PageOptions & Pick<DoorOptions, 'isOwnHost'>) | null;
  /** Hears of what nobody expected. */
  readonly fault: (error: unknown) => void;
}

export interface BuiltApi {
  readonly app: Api;
  /** Ends live streams, which would never end by themselves. */
  endStreams(): void;
}

export function buildApi({ parts, entry, fault }: ApiOptions): BuiltApi {
  const root: Api = new OpenAPIHono<ApiEnv>({ defaultHook: refuseBadShape });
  root.use(bodyCheck({ path: `${apiBase}${uploadPath}`, maxBytes: parts.uploads?.maxBytes ?? limits.bodyBytes }));
  if (entry !== null) root.use(doorOf(parts, entry));
  tellProblems(root, fault);
  const counters: StreamCounters = { viewers: 0, sent: 0, skipped: 0 };
  const api: Api = new OpenAPIHono<ApiEnv>({ defaultHook: refuseBadShape });
  addStatusRoute(api, parts, counters);
  const endStreams = addLiveRoutes(api, parts, counters);
  addFlowRoutes(api, parts);
  addDuringRoutes(api, parts);
  addSceneRoutes(api, parts);
  addUploadRoute(api, parts);
  addInterfaceRoute(api, parts);
  addWordRoutes(api, parts);
  // The program itself says how many rows it wants; others get a bound.
  addHistoryRoutes(api, parts, entry === null ? {} : { maxRows: limits.sqlRows });
  addExportRoutes(api, parts);
  addAlertRoutes(api, parts);
  addPacketRoutes(api, parts);
  if (entry !== null) addEntryRoutes(api, entry);
  root.route(apiBase, api);
  addMetricsRoute(root, parts, counters);
  describe(root, parts.version);
  if (entry !== null) addPages(root, parts, { ...entry, isKnown: knownBy(entry.sessions) });
  return { app: root, endStreams };
}

function doorOf({ web }: ServerParts, { sessions, password, isOwnHost }: NonNullable<ApiOptions['entry']>) {
  return door({
    isOwnHost,
    isKnown: knownBy(sessions),
    open: openPaths,
    isPage,
    turnAway: (asked) => (web !== null && wantsPage(asked) ? loginAnswer(asked, password, null, 401) : null),
  });
}

function refuseBadShape(result: { readonly success: boolean; readonly error?: ZodError }): void {
  if (result.success) return;
  const issue = result.error?.issues.at(0);
  const place = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
  throw new Refusal('BAD_REQUEST', `${place}${issue?.message ?? 'not understood'}`, seeDescription);
}

const seeDescription = `GET ${apiBase}/openapi.json describes every request.`;

function tellProblems(app: Api, fault: (error: unknown) => void): void {
  app.onError((error, asked) => {
    const { status, problem } = problemOf(error instanceof HTTPException ? refusalOf(error) : error);
    if (problem.code === 'INTERNAL') fault(error);
    return asked.json(problem, status as ContentfulStatusCode);
  });
  app.notFound((asked) => {
    const error = new Refusal('NOT_FOUND', `there is no ${asked.req.method} ${asked.req.path}`, seeDescription);
    return asked.json(problemOf(error).problem, 404);
  });
}

/** What the framework itself refuses: bodies that are no JSON, other media types. */
function refusalOf({ status, message }: HTTPException): Refusal {
  if (status === 415) return new Refusal('WRONG_MEDIA_TYPE', 'the body is no JSON', 'Send application/json.');
  return new Refusal('BAD_REQUEST', message === '' ? 'not understood' : message, seeDescription);
}

function describe(app: Api, version: string): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer' });
  app.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: 'taplight_7474',
    description: 'Set by the printed link and by login; the number is the port.',
  });
  // Made when first asked for: it takes longer than a start should.
  let document: object | null = null;
  app.get(`${apiBase}/openapi.json`, (asked) => {
    document ??= app.getOpenAPI31Document({
      openapi: '3.1.0',
      info: { title: 'Taplight', version, description: 'See docs/70-api.md.', license: { name: 'MIT' } },
      servers: [{ url: '/' }],
      security: [{ token: [] }, { session: [] }],
    });
    return asked.json(document);
  });
}
