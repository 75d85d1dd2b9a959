// What is new, gone or changed since the time before.

import { printable } from '../../../../core/index.ts';
import { counted, dayTime } from '../../../present/index.ts';
import { Empty, Panel } from '../pieces/pieces.tsx';
import { askDiff, type Scope } from './asked-history.ts';
import { useAnswer } from './use-answer.ts';

interface ComparedProps {
  readonly scope: Scope;
  readonly before: Scope;
  /** Null: not known yet. */
  readonly hasPast: boolean | null;
}

/** The text says the word. */
const marks = { new: '+', gone: '−', changed: '±' } as const;

export function Compared({ scope, before, hasPast }: ComparedProps) {
  const title = 'What changed since the time before';
  if (hasPast === false) {
    return (
      <Panel title={title} isWide>
        <Empty>
          There is nothing to compare with: no flow{scope.filter === undefined ? '' : ' that fits the filter'} is kept
          from {dayTime(before.fromUs)} to {dayTime(before.toUs)}. Choose a later or a shorter time above.
        </Empty>
      </Panel>
    );
  }
  return <Changes title={title} scope={scope} before={before} isKnown={hasPast === true} />;
}

type ChangesProps = Pick<ComparedProps, 'scope' | 'before'> & { readonly title: string; readonly isKnown: boolean };

function Changes({ title, scope, before, isKnown }: ChangesProps) {
  const question = isKnown ? JSON.stringify(scope) : null;
  const { answer, trouble, isAsking } = useAnswer(question, (signal) => askDiff(before, scope, signal));
  const told = answer?.sections.filter(({ items }) => items.length > 0) ?? [];
  return (
    <Panel title={title} note={isAsking ? 'asking…' : undefined} isWide>
      {trouble !== null && <Empty>{trouble}</Empty>}
      {answer !== null && told.length === 0 && <Empty>Nothing new, nothing gone.</Empty>}
      <div class="view-grid">
        {told.map(({ what, title, items, more }) => (
          <section key={what}>
            <h3>{printable(title)}</h3>
            <ul>
              {items.map(({ change, thing, text }) => (
                <li key={`${change}${thing}`}>
                  <span class="muted" aria-hidden="true">
                    {marks[change]}
                  </span>{' '}
                  {printable(text)}
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
