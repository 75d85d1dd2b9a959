// Suricata's published schema as a judge of EVE lines (test data of the corpus; our own key is taken out first).

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { corpusFolder } from './captures.ts';

interface Validate {
  (data: unknown): boolean;
  errors?: readonly { readonly instancePath: string; readonly message?: string; readonly params: object }[] | null;
}

/** What is wrong with a line, in words; null when nothing is. */
export type Judge = (line: object) => string | null;

export async function eveJudge(): Promise<Judge | null> {
  const path = join(corpusFolder, 'eve-schema', 'schema.json');
  if (!existsSync(path)) return null;
  // The name is not a constant so that the type check does not ask for the package.
  const name: string = 'ajv';
  const { Ajv } = (await import(/* @vite-ignore */ name)) as {
    Ajv: new (options: object) => { compile(schema: unknown): Validate };
  };
  const validate = new Ajv({ strict: false }).compile(JSON.parse(readFileSync(path, 'utf8')));
  return (line) => {
    const { taplight: _ours, ...rest } = line as { taplight?: unknown };
    if (validate(rest)) return null;
    const [first] = validate.errors ?? [];
    return `${first?.instancePath ?? ''} ${first?.message ?? 'invalid'} ${JSON.stringify(first?.params ?? {})}`;
  };
}
