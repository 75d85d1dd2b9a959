// Ink's part of a screen: it reads keys, and lays out the lines that changed.
//
// The whole screen is one text. What Ink measures is always the same, because Ink keeps what it has ever measured for
// as long as it lives, and a frame is ten kilobytes; the lines come in when it writes the text.

import { createElement, render, Text, Transform, useInput } from './ink-parts.ts';
import type { InkInput } from './keyboard.ts';
import type { Paper } from './paper.ts';
import { type Pressed, pressedOf } from './pressed.ts';

export interface InkRoot {
  /** Lays out and writes what the paper took, before it returns. */
  draw(rows: number): void;
  unmount(): void;
}

export function openInk(paper: Paper, input: InkInput, pressed: (key: Pressed) => void): InkRoot {
  const Screen = ({ rows, lineAt }: { rows: number; lineAt: (line: string, row: number) => string }) => {
    useInput((text, key) => {
      for (const each of pressedOf(text, key)) pressed(each);
    });
    const rowsToMeasure = createElement(Text, null, Array(rows).fill('.').join('\n'));
    return createElement(Transform, { transform: lineAt, children: rowsToMeasure });
  };
  // A new function for each frame: React passes over what has not changed.
  const screen = (rows: number) => createElement(Screen, { rows, lineAt: (_, row) => paper.textAt(row) });
  const ink = render(screen(1), {
    stdout: paper.stream() as unknown as NodeJS.WriteStream,
    stdin: input as unknown as NodeJS.ReadStream,
    // Each frame is written when it is drawn; how often that is, the surface decides.
    debug: true,
    exitOnCtrlC: false,
    patchConsole: false,
    isScreenReaderEnabled: false,
  });
  return {
    draw: (rows) => ink.rerender(screen(rows)),
    unmount: () => ink.unmount(),
  };
}
