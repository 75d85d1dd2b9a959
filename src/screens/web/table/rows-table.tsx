// A table of very many rows: only those in sight exist, all of it works by keyboard, rows hold still under the pointer.

import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Row } from '../../api/index.ts';
import { counted, formatCount, type ShownColumn } from '../../present/index.ts';
import { lazily } from '../shell/lazily.tsx';
import type { Screen } from '../shell/screen.ts';
import { type CellLook, fittingColumns, gridTemplate, type Look, leastWidth } from './cell-look.ts';
import { ColumnChooser } from './column-chooser.tsx';
import { tableKey } from './table-keys.ts';
import { GridRow, HeadRow } from './table-parts.tsx';
import { type Question, useRows } from './use-rows.ts';

export interface RowsTableProps {
  readonly screen: Screen;
  /** In words, for its heading and for who does not see it. */
  readonly title: string;
  /** What a row is: `flow`. */
  readonly noun: string;
  readonly table: string;
  /** Beside the screen's filter: rows of one host, say. */
  readonly alsoFilter?: string;
  readonly columns: readonly ShownColumn[];
  /** Columns that the look and the key of rows need besides: nothing else is asked for. */
  readonly needs: readonly string[];
  /** Column and direction at first, as in the address: `-start_ts`; asked for as it is when `isNatural`. */
  readonly firstSort: string;
  readonly isNatural?: boolean;
  readonly look: Look;
  readonly rowKey: (row: Row) => string;
  /** The row that is open now. */
  readonly opened?: string | undefined;
  readonly onOpen?: (row: Row) => void;
  /** CSS height of the room; left out: to the end of the window. */
  readonly height?: string;
  readonly empty: string;
  readonly actions?: JSX.Element | undefined;
}

const ExportMenu = lazily(() => import('../exports/export-menu.tsx').then((loaded) => loaded.ExportMenu));

const headPx = 28;
/** How long rows hold still after the pointer last moved over them, or a key was pressed. */
const holdMs = 4000;

/** Both have to be true. */
export const both = (a: string, b: string): string => (a === '' ? b : b === '' ? a : `(${a}) and (${b})`);

function useRoom(): { room: { current: HTMLDivElement | null }; size: { width: number; height: number } } {
  const room = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 1000, height: 500 });
  useEffect(() => {
    const watch = new ResizeObserver(([{ contentRect }]) =>
      setSize({ width: contentRect.width, height: contentRect.height }),
    );
    if (room.current !== null) watch.observe(room.current);
    return () => watch.disconnect();
  }, []);
  return { room, size };
}

/** The next of 1, 2, 5, 10, 20 …: bars do not change their length with every row that comes into sight. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return ([1, 2, 5].find((step) => step * power >= value) ?? 10) * power;
}

type Looks = readonly CellLook[];

/** Of each column that is drawn with bars, a number that none in sight is larger than. */
function largestOf(looks: readonly (Looks | null)[], columns: number): number[] {
  const most = Array.from({ length: columns }, () => 0);
  for (const cells of looks)
    cells?.forEach(({ amount = 0 }, i) => {
      if (amount > most[i]) most[i] = amount;
    });
  return most.map((value) => (value === 0 ? 0 : roundUp(value)));
}

/** Cells of rows and what is drawn of them, kept while nothing of it changes: scrolling draws only what is new. */
class Drawn {
  #about: readonly unknown[] = [];
  #looks = new Map<Row, Looks>();
  #rows = new Map<string, JSX.Element>();
  #most: { readonly question: string; readonly values: readonly number[] } = { question: '', values: [] };

  /** Forgets all when something changed that concerns every row. */
  begin(...about: readonly unknown[]): void {
    if (about.length === this.#about.length && about.every((each, i) => each === this.#about[i])) return;
    this.#about = about;
    this.#looks = new Map();
    this.#rows = new Map();
  }

  looks(row: Row, columns: readonly ShownColumn[], look: Look): Looks {
    let cells = this.#looks.get(row);
    if (cells === undefined) {
      if (this.#looks.size > mostDrawn) this.#looks.clear();
      cells = columns.map((column) => look(column, row));
      this.#looks.set(row, cells);
    }
    return cells;
  }

  /** What bars are drawn by only grows while the question is the same: others would have to be drawn anew. */
  most(question: string, now: readonly number[]): readonly number[] {
    const before = this.#most.question === question ? this.#most.values : [];
    const values = now.map((value, i) => Math.max(value, before[i] ?? 0));
    this.#most = { question, values };
    return values;
  }

  row(key: string, cells: Looks | null, draw: () => JSX.Element): JSX.Element {
    const known = this.#rows.get(key);
    if (known !== undefined && known.props.cells === cells) return known;
    if (this.#rows.size > mostDrawn) this.#rows.clear();
    const drawn = draw();
    this.#rows.set(key, drawn);
    return drawn;
  }
}

const mostDrawn = 600;

export function RowsTable(props: RowsTableProps): JSX.Element {
  const { screen, title, noun, columns: all, look, rowKey } = props;
  const { room, size } = useRoom();
  const [top, setTop] = useState(0);
  const [active, setActive] = useState({ row: 0, column: 0 });
  const heldUntil = useRef(0);
  const params = screen.params.value;
  const sort = params.sort ?? props.firstSort;
  const isDense = params.dense === '1';
  const rowPx = isDense ? 24 : 30;
  const chosen = params.columns?.split(',');
  const columns = chosen ? all.filter(({ column }) => chosen.includes(column)) : fittingColumns(all, size.width);
  const filter = both(screen.filter.value, props.alsoFilter ?? '');
  const question: Question = {
    table: props.table,
    columns: [...new Set([...all.map(({ column }) => column), ...props.needs])],
    ...(filter === '' ? {} : { filter }),
    ...(sort === props.firstSort && props.isNatural
      ? {}
      : { sort: { column: sort.replace(/^-/, ''), descending: sort.startsWith('-') } }),
  };
  const hold = (): void => {
    heldUntil.current = performance.now() + holdMs;
  };
  const { asked, shown: rows } = useRows(screen, question, () => performance.now() < heldUntil.current);
  const total = rows.told?.total ?? 0;
  const first = Math.max(0, Math.floor(top / rowPx) - 6);
  const last = Math.min(Math.max(0, total - 1), Math.ceil((top + size.height) / rowPx) + 6);
  useEffect(() => asked.look(first, Math.max(last, first + 40)), [asked, first, last]);
  const shown = total === 0 ? [] : Array.from({ length: last - first + 1 }, (_, i) => rows.row(first + i));
  const drawn = useRef(new Drawn()).current;
  const layout = columns.map(({ column }) => column).join();
  // Elements of rows that leave are taken for those that come.
  const elements = Math.ceil(size.height / rowPx) + 14;
  drawn.begin(screen.snapshot.value?.names, screen.scene.value, layout, rowPx, elements);
  const looks = shown.map((row) => (row === undefined ? null : drawn.looks(row, columns, look)));
  const most = drawn.most(`${layout} ${JSON.stringify(question)}`, largestOf(looks, columns.length));
  const mostText = most.join();
  const id = `grid-${props.table}`;

  const show = (row: number): void => {
    const element = room.current;
    if (element === null) return;
    if (row * rowPx < element.scrollTop) element.scrollTop = row * rowPx;
    const over = (row + 1) * rowPx + headPx - element.clientHeight;
    if (over > element.scrollTop) element.scrollTop = over;
  };
  const pick = useRef((_at: number, _column: number): void => {});
  pick.current = (at, column) => {
    setActive({ row: at, column });
    const row = rows.row(at);
    if (row !== undefined) props.onOpen?.(row);
  };
  const setSort = (column: string): void => {
    const next = sort === `-${column}` ? column : `-${column}`;
    screen.setParams({ ...params, sort: next });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    hold();
    const page = Math.max(1, Math.floor((size.height - headPx) / rowPx) - 1);
    const done = tableKey(event, {
      active,
      rows: total,
      columns: columns.length,
      page,
      move: (next) => {
        setActive(next);
        show(next.row);
      },
      open: () => {
        const row = rows.row(active.row);
        if (row !== undefined) props.onOpen?.(row);
      },
      narrow: (isNot) => {
        const row = rows.row(active.row);
        const term = row && look(columns[active.column], row).term;
        if (term !== undefined) screen.narrow(term, isNot);
      },
      sort: () => setSort(columns[active.column].column),
      reverse: () => screen.setParams({ ...params, sort: sort.startsWith('-') ? sort.slice(1) : `-${sort}` }),
    });
    if (done) {
      event.preventDefault();
      event.stopPropagation();
    }
  };

  return (
    <section class="panel table" aria-label={title}>
      <header>
        <h2>{title}</h2>
        <p class="muted num" role="status">
          {rows.told === null
            ? 'asking …'
            : total === rows.told.kept
              ? counted(total, noun)
              : `${formatCount(total)} of ${counted(rows.told.kept, noun)}`}
          {rows.told !== null && rows.told.forgotten > 0 && `, ${formatCount(rows.told.forgotten)} older ones gave way`}
        </p>
        <div class="end">
          {props.actions}
          <ExportMenu screen={screen} {...question} filter={filter} columns={chosen} />
          <ColumnChooser all={all} shown={columns} screen={screen} />
        </div>
      </header>
      <div
        class="grid-room"
        ref={room}
        id={id}
        role="grid"
        aria-label={title}
        aria-rowcount={total + 1}
        aria-colcount={columns.length}
        aria-readonly="true"
        aria-activedescendant={total > 0 ? `${id}-${active.row}-${active.column}` : undefined}
        tabIndex={0}
        style={{
          '--cols': gridTemplate(columns),
          '--row': `${rowPx}px`,
          '--least': `${leastWidth(columns)}px`,
          ...(props.height === undefined ? {} : { height: props.height }),
        }}
        onKeyDown={onKeyDown}
        onPointerMove={hold}
        onScroll={(event) => setTop(Math.floor(event.currentTarget.scrollTop / rowPx) * rowPx)}
      >
        <HeadRow columns={columns} sort={sort} onSort={setSort} />
        <div class="rows" role="rowgroup" style={{ height: `${total * rowPx}px` }}>
          {shown.map((row, i) => {
            const at = first + i;
            const cells = looks[i];
            const activeColumn = active.row === at ? active.column : -1;
            const isOpen = row !== undefined && rowKey(row) === props.opened;
            return drawn.row(`${at} ${activeColumn} ${isOpen} ${mostText}`, cells, () => (
              <GridRow
                key={at % elements}
                id={id}
                at={at}
                topPx={at * rowPx}
                columns={columns}
                most={most}
                cells={cells}
                activeColumn={activeColumn}
                isOpen={isOpen}
                onNarrow={screen.narrow}
                onPick={(column) => pick.current(at, column)}
              />
            ));
          })}
        </div>
        {rows.told !== null && total === 0 && (
          <p class="nothing muted">{rows.told.kept === 0 ? props.empty : `No ${noun} fits the filter.`}</p>
        )}
        {rows.error !== null && (
          <p class="nothing" role="alert">
            {(rows.error as Error).message}
          </p>
        )}
      </div>
    </section>
  );
}
