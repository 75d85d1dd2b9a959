// Rows of a table for a component: asked for anew when the question changes, and about once a second while it goes on.

import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { TimeRange, WindowRequest } from '../../api/index.ts';
import { noteLoss } from '../data/connection.ts';
import { WindowRows } from '../data/window-rows.ts';
import type { Screen } from '../shell/screen.ts';

export type Question = Omit<WindowRequest, 'from' | 'count'>;

/** Of a paused screen: rows that came later do not move those that are there. */
function heldRange(screen: Screen): { readonly range?: TimeRange } {
  const { firstUs = null, lastUs = null } = screen.snapshot.peek() ?? {};
  if (!screen.isPaused.peek() || screen.range.peek() !== null || firstUs === null || lastUs === null) return {};
  return { range: { fromUs: firstUs, toUs: lastUs + 1 } };
}

/** Rows that are asked for, and those that are shown: the ones before, until there is an answer. */
export interface AskedRows {
  readonly asked: WindowRows;
  readonly shown: WindowRows;
}

/**
 * @param isHeld rows hold still: somebody points at them
 */
export function useRows(screen: Screen, question: Question, isHeld: () => boolean): AskedRows {
  const version = useSignal(0);
  const scene = screen.scene.value;
  const key = JSON.stringify(question);
  const rows = useMemo(
    () =>
      new WindowRows(
        (from, count) =>
          scene.rows({ ...(JSON.parse(key) as Question), ...heldRange(screen), from, count }).catch((error) => {
            noteLoss(error);
            throw error;
          }),
        () => {
          version.value++;
        },
      ),
    [scene, key],
  );
  useEffect(() => () => rows.close(), [rows]);
  const current = useRef(rows);
  current.current = rows;
  const held = useRef(isHeld);
  held.current = isHeld;
  const told = useComputed(() => screen.snapshot.value);
  useSignalEffect(() => {
    if (told.value !== null && !document.hidden && !held.current()) current.current.refresh();
  });
  // Drawn again with each answer.
  version.value;
  const shown = useRef(rows);
  if (rows.told !== null || rows.error !== null) shown.current = rows;
  return { asked: rows, shown: shown.current };
}
