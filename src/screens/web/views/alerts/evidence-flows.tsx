// Flows that an alert rests on: links to those that are still there to be looked at.

import { useEffect, useState } from 'preact/hooks';
import { printable } from '../../../../core/index.ts';
import type { Scene } from '../../../api/index.ts';
import { counted } from '../../../present/index.ts';
import type { Screen } from '../../shell/screen.ts';
import { equals } from '../pieces/terms.ts';

interface EvidenceProps {
  readonly screen: Pick<Screen, 'scene' | 'setFilter' | 'go'>;
  /** Community IDs. */
  readonly flows: readonly string[];
}

const flowsShown = 10;
const flowTerm = (id: string): string => equals('community_id', id);

/** Those of which a row is there. Rejects with a Failure. */
export async function flowsThere(scene: Pick<Scene, 'rows'>, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const asked = ids.map(async (id) => {
    const { total } = await scene.rows({
      table: 'flows',
      filter: flowTerm(id),
      columns: ['flow_id'],
      from: 0,
      count: 1,
    });
    return total > 0 ? [id] : [];
  });
  return new Set((await Promise.all(asked)).flat());
}

export function EvidenceFlows({ screen, flows }: EvidenceProps) {
  const shown = flows.slice(0, flowsShown);
  const scene = screen.scene.value;
  const [there, setThere] = useState<ReadonlySet<string>>(new Set());
  const question = shown.join(' ');
  useEffect(() => {
    let isOver = false;
    // Where nobody can say they stay names.
    flowsThere(scene, shown).then(
      (found) => !isOver && setThere(found),
      () => {},
    );
    return () => {
      isOver = true;
    };
  }, [scene, question]);
  const show = (ids: readonly string[]): void => {
    screen.setFilter(ids.map(flowTerm).join(' or '));
    screen.go('flows');
  };
  return (
    <ul class="code evidence">
      {shown.map((id) => (
        <li key={id}>
          {there.has(id) ? (
            <button type="button" class="term" title="Look at this flow" onClick={() => show([id])}>
              {printable(id)}
            </button>
          ) : (
            printable(id)
          )}
        </li>
      ))}
      {there.size > 1 && (
        <li>
          <button type="button" class="term" onClick={() => show([...there])}>
            all {there.size} of them
          </button>
        </li>
      )}
      {flows.length > shown.length && <li class="muted">and {counted(flows.length - shown.length, 'more flow')}</li>}
    </ul>
  );
}
