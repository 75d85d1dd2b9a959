// Protocols as screens know them: what each is called, its family, and the columns of its table.

import { type FactKind, familyOf } from '../../core/index.ts';
import { eventPlaces, eventTable } from '../../output/store/index.ts';
import type { ProtocolInfo } from '../../screens/api/index.ts';
import { eventKinds } from '../pipeline/index.ts';

let known: readonly ProtocolInfo[] | null = null;

/** All protocols that this program knows. */
export function sceneProtocols(): readonly ProtocolInfo[] {
  known ??= eventKinds.map((kind) => protocolInfo(kind, kind.family));
  return known;
}

/** @param family the one that the protocol declares, `web`, `names` … */
export function protocolInfo(kind: FactKind, family: string): ProtocolInfo {
  const columns = eventTable(kind).columns.filter(({ name }) => !eventPlaces.includes(name));
  return {
    name: kind.name,
    title: kind.title,
    family: familyOf(kind.name, family),
    fields: columns.map(({ name, kind: columnKind, title, unit, filters }) => ({
      column: name,
      kind: columnKind,
      title,
      unit: unit ?? null,
      filters: filters ?? [],
    })),
  };
}
