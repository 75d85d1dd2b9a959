// What can be said here: tables and columns as they are declared, and the filter language.

import { z } from '@hono/zod-openapi';
import { Failure } from '../../../core/index.ts';
import { hosts, type Table } from '../../../output/store/index.ts';
import type { Scene } from '../../../screens/api/index.ts';
import type { FilterLanguage, ServerParts } from '../parts.ts';
import { problemOf } from '../refusals.ts';
import { completion, filterCheck, tableInfo } from '../shapes/answers.ts';
import { filterText } from '../shapes/questions.ts';
import { type Api, addRoute } from './route.ts';
import { sceneField } from './scene/asked-scene.ts';

const filterFields = { filter: filterText, table: z.string().max(200).optional() };
const body = z.strictObject(filterFields).openapi('FilterText');
const at = z.number().int().min(0).max(20_000);
const completionRequest = z.strictObject({ ...filterFields, at }).openapi('CompletionRequest');

const query = z.object({
  scene: sceneField.openapi({ description: 'Whose rows it is for; left out: those of the store.' }),
});

/** The filter language, or the Failure that says there is none. */
function filtersOf({ filters }: ServerParts): FilterLanguage {
  if (filters !== null) return filters;
  throw new Failure('UNSUPPORTED', 'filters are not known here', 'Leave the filter out.');
}

export function addWordRoutes(api: Api, parts: ServerParts): void {
  addRoute(api, {
    method: 'get',
    path: '/tables',
    tag: 'words',
    summary: 'Tables and their columns',
    more: 'With titles, kinds and units, so that screens are made from them.',
    gives: z.array(tableInfo),
    answer: (_, asked) => asked.json(askable(parts).map((table) => tableDocument(table, parts)) as never),
  });
  addRoute(api, {
    method: 'post',
    path: '/filter/check',
    tag: 'words',
    summary: 'Whether a filter can be understood, and if not, which word cannot',
    body,
    query,
    gives: filterCheck,
    answer: ({ body, query }, asked) => {
      const { marks, failure } = filtersOf(parts).examine(
        body.filter,
        tableOf(parts, body.table),
        namedScene(parts, query.scene),
      );
      const rest = failure === null ? {} : { problem: problemOf(failure).problem };
      return asked.json({ ok: failure === null, marks: [...marks], ...rest });
    },
  });
  addRoute(api, {
    method: 'post',
    path: '/filter/complete',
    tag: 'words',
    summary: 'Words that may stand at a place of a filter',
    more: 'With a scene, values that its rows have are among them.',
    body: completionRequest,
    query,
    gives: completion,
    answer: async ({ body, query }, asked) => {
      const { filter, at, table } = body;
      const scene = namedScene(parts, query.scene);
      return asked.json((await filtersOf(parts).complete(filter, at, tableOf(parts, table), scene)) as never);
    },
  });
}

const namedScene = ({ scenes }: ServerParts, id: string | undefined): Scene | null =>
  id === undefined || scenes === null ? null : scenes.find(id);

/** What may be asked for: `hosts` is made when it is. */
const askable = ({ tables }: ServerParts): readonly Table[] => [...tables, hosts];

function tableOf(parts: ServerParts, name = 'flows'): Table {
  const tables = askable(parts);
  const table = tables.find((each) => each.name === name);
  if (table !== undefined) return table;
  const hint = `Tables are ${tables.map((each) => each.name).join(', ')}.`;
  throw new Failure('BAD_QUERY', `there is no table '${name}'`, hint);
}

function tableDocument({ name, title, time, keep, key, columns }: Table, { scenes }: ServerParts): object {
  return {
    name,
    title,
    time,
    keep,
    key: key ?? [],
    // Everything but rollups can be looked at as it comes.
    isLive: scenes !== null && keep !== 'rollup',
    columns: columns.map((column) => ({
      name: column.name,
      kind: column.kind,
      title: column.title,
      unit: column.unit ?? null,
      nullable: column.nullable === true,
      filters: column.filters ?? [],
    })),
  };
}
