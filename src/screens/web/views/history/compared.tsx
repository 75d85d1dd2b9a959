// What is new, gone or changed since the time before.

import { printable } from '../../../../core/index.ts';
import { counted } from '../../../present/index.ts';
import type { Screen } from '../../shell/screen.ts';
import { Empty, Panel } from '../pieces/pieces.tsx';
import { askDiff, type Scope } from './asked-history.ts';
import { periodBefore } from './ranges.ts';
import { useAnswer } from './use-answer.ts';

interface ComparedProps {
  readonly screen: Screen;
  readonly scope: Scope;
}

const marks = { new: '+ new', gone: '− gone', changed: '± changed' } as const;

export function Compared({ scope }: ComparedProps) {
  const before = { ...scope, ...periodBefore(scope) };
  const { answer, trouble, isAsking } = useAnswer(JSON.stringify(scope), (signal) => askDiff(before, scope, signal));
  const told = answer?.sections.filter(({ items }) => items.length > 0) ?? [];
  return (
    <Panel title="What changed since the time before" note={isAsking ? 'asking…' : undefined} isWide>
      {trouble !== null && <Empty>{trouble}</Empty>}
      {answer !== null && told.length === 0 && <Empty>Nothing new, nothing gone.</Empty>}
      <div class="view-grid">
        {told.map(({ what, title, items, more }) => (
          <section key={what}>
            <h3>{printable(title)}</h3>
            <ul>
              {items.map(({ change, thing, text }) => (
                <li key={`${change}${thing}`}>
                  <span class="muted">{marks[change]}</span> {printable(text)}
                </li>
              ))}
              {more > 0 && <li class="muted">and {counted(more, 'more line')}</li>}
            </ul>
          </section>
        ))}
      </div>
    </Panel>
  );
}
