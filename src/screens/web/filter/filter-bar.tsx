// The line for the filter: coloured as it is understood, with what may come next (combobox of the ARIA practices).

import { useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Screen } from '../shell/screen.ts';
import { colouredParts, type FilterPlace, type Proposal, tablesWithFilters } from './ask-filter.ts';
import { FilterState } from './filter-state.ts';

interface FilterBarProps {
  readonly screen: Screen;
  /** Of the view: what filters are about. */
  readonly view: string;
}

/** Rows of a range that comes out of the store have the columns of the store. */
function placeOf(screen: Screen, table: string): FilterPlace {
  const { about } = screen.scene.peek();
  const isStored = screen.range.peek() !== null && about.can.history;
  return { table, scene: isStored ? undefined : about.id };
}

export function FilterBar({ screen, view }: FilterBarProps): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  const colours = useRef<HTMLDivElement>(null);
  const table = useRef('flows');
  const state = useMemo(() => new FilterState(screen, () => placeOf(screen, table.current)), [screen]);
  useEffect(() => {
    void tablesWithFilters().then((known) => {
      table.current = known.has(view) ? view : 'flows';
    });
  }, [view]);
  useSignalEffect(() => state.follow(screen.filter.value));
  const text = state.text.value;
  const check = state.check.value?.of === text ? state.check.value : null;
  const proposals = state.completion.value?.proposals ?? [];
  const chosen = state.chosen.value;
  const isWrong = check !== null && !check.ok;
  const accept = (proposal: Proposal): void => {
    const cursor = state.accept(proposal);
    requestAnimationFrame(() => {
      input.current?.focus();
      input.current?.setSelectionRange(cursor, cursor);
    });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      if (proposals.length === 0) state.propose(input.current?.selectionStart ?? text.length);
      else
        state.chosen.value = (chosen + step + proposals.length + (chosen < 0 && step < 0 ? 1 : 0)) % proposals.length;
    } else if ((event.key === 'Enter' || event.key === 'Tab') && chosen >= 0) {
      event.preventDefault();
      accept(proposals[chosen]);
    } else if (event.key === 'Enter') {
      state.take();
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      if (proposals.length > 0) state.close();
      else input.current?.blur();
    }
  };
  return (
    <search class={`field${check === null ? '' : ' coloured'}`}>
      <input
        ref={input}
        id="filter"
        type="text"
        role="combobox"
        aria-label="Filter"
        aria-expanded={proposals.length > 0}
        aria-controls="filter-proposals"
        aria-autocomplete="list"
        aria-activedescendant={chosen >= 0 ? `proposal-${chosen}` : undefined}
        aria-invalid={isWrong}
        aria-describedby={isWrong ? 'filter-problem' : undefined}
        aria-keyshortcuts="/"
        placeholder="/ filter: a name, address, protocol …"
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        value={text}
        onInput={({ currentTarget }) => state.type(currentTarget.value, currentTarget.selectionStart ?? 0)}
        onKeyDown={onKeyDown}
        onBlur={() => setTimeout(() => state.close(), 150)}
        onScroll={({ currentTarget }) => {
          if (colours.current !== null) colours.current.scrollLeft = currentTarget.scrollLeft;
        }}
      />
      {check !== null && (
        <div class="colours" ref={colours} aria-hidden="true">
          {colouredParts(text, check.marks).map((part, i) => (
            <span key={i} class={part.kinds.map((kind) => `m-${kind}`).join(' ')}>
              {part.text}
            </span>
          ))}
        </div>
      )}
      {text !== '' && (
        <button type="button" class="clear quiet" aria-label="Clear the filter" onClick={() => state.clear()}>
          ✕
        </button>
      )}
      {(proposals.length > 0 || isWrong) && (
        <div class="popup">
          {isWrong && (
            <p class="wrong" id="filter-problem" role="status">
              {check.problem?.message}. <span class="muted">{check.problem?.hint}</span>
            </p>
          )}
          <div id="filter-proposals" role="listbox" aria-label="What may come next">
            {proposals.map((proposal, i) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the line above hears the keys
              <div
                key={proposal.text}
                id={`proposal-${i}`}
                role="option"
                aria-selected={i === chosen}
                onPointerDown={(event) => event.preventDefault()}
                onClick={() => accept(proposal)}
              >
                <span class="mono">{proposal.text}</span>
                <span class="muted small">{proposal.title}</span>
              </div>
            ))}
          </div>
        </div>
      )}
    </search>
  );
}
