// A route: what it takes and gives, declared once; checked, answered and described from that.

import type { HttpBindings } from '@hono/node-server';
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { problem } from '../shapes/answers.ts';

export interface ApiEnv {
  Bindings: HttpBindings;
}
export type Api = OpenAPIHono<ApiEnv>;
export type Asked = Context<ApiEnv>;

const nothing = z.object({});
type Nothing = typeof nothing;

export interface Route<B extends z.ZodType, Q extends z.ZodObject, P extends z.ZodObject> {
  readonly method: 'get' | 'post' | 'delete';
  /** Parameters in braces. */
  readonly path: string;
  readonly tag: 'capture' | 'scenes' | 'history' | 'alerts' | 'packets' | 'words' | 'door';
  readonly summary: string;
  /** More about it. */
  readonly more?: string;
  readonly body?: B;
  /** Media types of a body that is not JSON; the route reads it itself. */
  readonly takes?: readonly string[];
  readonly query?: Q;
  readonly params?: P;
  /** Shape of a JSON answer, or the media types of others. */
  readonly gives: z.ZodType | readonly string[];
  readonly status?: 200 | 204;
  /** 204 is an answer, too. */
  readonly mayBeEmpty?: boolean;
  /** Anybody may ask, without a session or token. */
  readonly isOpen?: boolean;
  readonly answer: (
    given: { readonly body: z.output<B>; readonly query: z.output<Q>; readonly params: z.output<P> },
    asked: Asked,
  ) => Promise<Response> | Response;
}

const problemContent = { 'application/json': { schema: problem } };

/** Adds the route to the API and to its description. */
export function addRoute<
  B extends z.ZodType = Nothing,
  Q extends z.ZodObject = Nothing,
  P extends z.ZodObject = Nothing,
>(api: Api, route: Route<B, Q, P>): void {
  const { method, path, tag, summary, more, query, params, gives } = route;
  const { body, takes } = route;
  const description = createRoute({
    method,
    path,
    tags: [tag],
    summary,
    ...(more === undefined ? {} : { description: more }),
    ...(route.isOpen === true ? { security: [] } : {}),
    request: {
      ...(body === undefined ? {} : { body: { required: true, content: { 'application/json': { schema: body } } } }),
      ...(takes === undefined ? {} : { body: { required: true, content: texts(takes) } }),
      ...(query === undefined ? {} : { query }),
      ...(params === undefined ? {} : { params }),
    },
    responses: {
      [route.status ?? 200]: { description: 'What was asked for.', ...contentOf(gives) },
      ...(route.mayBeEmpty === true ? { 204: { description: 'There is none.' } } : {}),
      default: { description: 'Why it was not answered.', content: problemContent },
    },
  });
  // The shapes above say what was checked; the types of the library cannot follow them through a generic.
  const answer = (asked: Asked): Promise<Response> | Response => {
    const valid = asked.req.valid as (target: string) => unknown;
    const given = {
      body: body === undefined ? {} : valid.call(asked.req, 'json'),
      query: query === undefined ? {} : valid.call(asked.req, 'query'),
      params: params === undefined ? {} : valid.call(asked.req, 'param'),
    };
    return route.answer(given as Parameters<typeof route.answer>[0], asked);
  };
  api.openapi(description, answer as never);
}

function contentOf(gives: z.ZodType | readonly string[]): object {
  if (gives instanceof z.ZodType) return { content: { 'application/json': { schema: gives } } };
  if (gives.length === 0) return {};
  return { content: texts(gives) };
}

function texts(media: readonly string[]): Record<string, { schema: z.ZodType }> {
  const schema = z.string();
  return Object.fromEntries(media.map((each) => [each, { schema }]));
}
