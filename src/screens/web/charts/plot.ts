// One drawing on a page: built once, fed with the same arrays again and again. The only file that knows uPlot.

import uPlot from 'uplot';
import type { TimeRange } from '../../api/index.ts';
import { pageSurfaces } from '../../present/index.ts';
import type { Theme } from '../shell/screen.ts';
import type { Reused } from './columns.ts';
import type { TimeChartProps, TimeMark } from './time.tsx';
import { timeTicks } from './time-words.ts';
import { colourOf, type Unit, unitText } from './units.ts';

export interface Drawing {
  readonly data: Reused[];
  /** Packet time shown; null: all. */
  readonly range: TimeRange | null;
  readonly theme: Theme;
  readonly marks: readonly TimeMark[];
}

export interface PlotShape {
  readonly isStacked: boolean;
  readonly unit: Unit;
  readonly height: number;
  /** How many. */
  readonly lines: number;
}

/** Drags shorter than this are clicks, CSS pixels. */
const dragPixels = 6;
const font = '11px system-ui, sans-serif';
const markPixels = 9;

export class Plot {
  private readonly chart: uPlot;
  private readonly watcher: ResizeObserver;
  private drawing: Drawing | null = null;
  private drawnAt = 0;
  private waiting: ReturnType<typeof setTimeout> | null = null;
  /** The cursor moves because another chart's did. */
  private isFollowing = false;
  /** Where a selection by keyboard began. */
  private anchorUs: number | null = null;

  private readonly room: HTMLElement;
  private readonly shape: PlotShape;
  private readonly props: () => TimeChartProps;

  constructor(room: HTMLElement, shape: PlotShape, props: () => TimeChartProps) {
    this.room = room;
    this.shape = shape;
    this.props = props;
    const empty = Array.from({ length: shape.lines + 1 }, () => []) as unknown as uPlot.AlignedData;
    this.chart = new uPlot(this.options(), empty, room);
    this.watcher = new ResizeObserver(() => this.resize());
    this.watcher.observe(room);
    document.addEventListener('visibilitychange', this.onVisible);
  }

  destroy(): void {
    document.removeEventListener('visibilitychange', this.onVisible);
    if (this.waiting !== null) clearTimeout(this.waiting);
    this.watcher.disconnect();
    this.chart.destroy();
  }

  canvas(): HTMLCanvasElement {
    return this.chart.ctx.canvas;
  }

  /** Draws at once, at the earliest `everyMs` after the time before, and not at all while nobody sees it. */
  draw(drawing: Drawing, everyMs: number): void {
    this.drawing = drawing;
    if (document.hidden || this.waiting !== null) return;
    const inMs = this.drawnAt + everyMs - performance.now();
    if (inMs > 0) {
      this.waiting = setTimeout(() => {
        this.waiting = null;
        this.paint();
      }, inMs);
    } else this.paint();
  }

  /** Puts the cursor where another chart's is. */
  follow(us: number | null): void {
    if (this.isFollowing) return;
    this.isFollowing = true;
    const left = us === null ? -10 : this.chart.valToPos(us / 1e6, 'x');
    this.chart.setCursor({ left, top: us === null ? -10 : 0 });
    this.isFollowing = false;
  }

  /** Arrows move the cursor by a column; with Shift they select; Enter takes the selection, Escape gives it up. */
  key(event: KeyboardEvent, count: number): void {
    const { screen, series } = this.props();
    const stepUs = series.stepSec * 1e6;
    const endUs = series.startSec * 1e6 + (count - 1) * stepUs;
    const at = screen.cursorUs.value ?? endUs;
    const steps = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 }[event.key];
    if (steps !== undefined) {
      if (event.shiftKey) this.anchorUs ??= at;
      else this.anchorUs = null;
      screen.cursorUs.value = Math.min(endUs, Math.max(series.startSec * 1e6, at + steps * stepUs));
      this.showAnchor();
    } else if (event.key === 'Enter' && this.anchorUs !== null) {
      this.brush(Math.min(this.anchorUs, at), Math.max(this.anchorUs, at) + stepUs);
    } else if (event.key === 'Escape' && (this.anchorUs !== null || screen.cursorUs.value !== null)) {
      this.anchorUs = null;
      screen.cursorUs.value = null;
      this.showAnchor();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private showAnchor(): void {
    const at = this.props().screen.cursorUs.value;
    const from = this.anchorUs === null ? 0 : this.chart.valToPos(this.anchorUs / 1e6, 'x');
    const to = this.anchorUs === null || at === null ? from : this.chart.valToPos(at / 1e6, 'x');
    const height = this.chart.bbox.height / uPlot.pxRatio;
    this.chart.setSelect({ left: Math.min(from, to), top: 0, width: Math.abs(to - from), height }, false);
  }

  private brush(fromUs: number, toUs: number): void {
    this.anchorUs = null;
    this.chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    const range = { fromUs: Math.round(fromUs), toUs: Math.round(toUs) };
    const { onBrush, screen } = this.props();
    if (onBrush !== undefined) onBrush(range);
    else screen.setRange(range);
  }

  private readonly onVisible = (): void => {
    if (!document.hidden) this.paint();
  };

  private paint(): void {
    if (this.drawing === null) return;
    this.drawnAt = performance.now();
    this.chart.setData(this.drawing.data as uPlot.AlignedData);
  }

  private resize(): void {
    const { clientWidth } = this.room;
    if (clientWidth > 0) this.chart.setSize({ width: clientWidth, height: this.shape.height });
  }

  private surface(): (typeof pageSurfaces)[Theme] {
    return pageSurfaces[this.props().screen.theme.peek()];
  }

  private colour(line: number): string {
    const { lines, screen } = this.props();
    return lines[line] === undefined ? 'transparent' : colourOf(lines[line].paint, screen.theme.peek());
  }

  private options(): uPlot.Options {
    const { height, unit } = this.shape;
    return {
      width: Math.max(100, this.room.clientWidth),
      height,
      padding: [markPixels + 4, 8, 0, 0],
      legend: { show: false },
      series: [{}, ...Array.from({ length: this.shape.lines }, (_, line) => this.seriesOptions(line))],
      scales: {
        x: { time: true, range: (_chart, least, most) => this.timeRange(least, most) },
        y: { range: (_chart, _least, most) => [0, most === null || most <= 0 ? 1 : most * 1.05] },
      },
      axes: [
        {
          ...this.axis(),
          space: 72,
          size: 28,
          values: (_chart, splits, _axis, _space, step) => timeTicks(splits, step),
        },
        { ...this.axis(), size: 76, values: (_chart, splits) => splits.map((value) => unitText(unit, value)) },
      ],
      cursor: {
        y: false,
        points: { show: false },
        drag: { x: true, y: false, setScale: false, dist: dragPixels },
        bind: { dblclick: () => this.reset },
      },
      hooks: {
        setCursor: [() => this.tellCursor()],
        setSelect: [() => this.tellSelection()],
        draw: [() => this.drawMarks()],
      },
    };
  }

  private readonly reset = (): null => {
    this.props().screen.setRange(null);
    return null;
  };

  private seriesOptions(line: number): uPlot.Series {
    const { isStacked } = this.shape;
    const dash = this.props().lines[line]?.isDashed ? [5, 4] : undefined;
    return {
      // A thin line in the colour of the page parts neighbours in a stack.
      stroke: () => (isStacked ? this.surface().base : this.colour(line)),
      width: isStacked ? 1 : 1.75,
      ...(isStacked ? { fill: () => this.colour(line) } : {}),
      ...(dash === undefined ? {} : { dash }),
      points: { show: false },
    };
  }

  private axis(): uPlot.Axis {
    return {
      stroke: () => this.surface().muted,
      font,
      grid: { stroke: () => `${this.surface().hairline}80`, width: 1 },
      ticks: { show: false },
    };
  }

  private timeRange(least: number | null, most: number | null): [number, number] {
    const range = this.drawing?.range ?? null;
    if (range !== null) return [range.fromUs / 1e6, range.toUs / 1e6];
    const from = least ?? 0;
    return [from, most === null || most <= from ? from + 1 : most];
  }

  private tellCursor(): void {
    if (this.isFollowing) return;
    const { left } = this.chart.cursor;
    const { cursorUs } = this.props().screen;
    this.isFollowing = true;
    cursorUs.value = left === undefined || left < 0 ? null : this.chart.posToVal(left, 'x') * 1e6;
    this.isFollowing = false;
  }

  private tellSelection(): void {
    const { left, width } = this.chart.select;
    if (width < dragPixels) return;
    this.brush(this.chart.posToVal(left, 'x') * 1e6, this.chart.posToVal(left + width, 'x') * 1e6);
  }

  /** A triangle above the columns, and a line down through them. */
  private drawMarks(): void {
    const { ctx, bbox } = this.chart;
    const ratio = uPlot.pxRatio;
    const { theme, marks } = this.drawing ?? { theme: 'dark' as const, marks: [] };
    ctx.save();
    for (const { timeUs, paint } of marks) {
      const x = this.chart.valToPos(timeUs / 1e6, 'x', true);
      if (!(x >= bbox.left && x <= bbox.left + bbox.width)) continue;
      const size = markPixels * ratio;
      ctx.fillStyle = colourOf(paint, theme);
      ctx.beginPath();
      ctx.moveTo(x, bbox.top - size);
      ctx.lineTo(x + size / 2, bbox.top - 1);
      ctx.lineTo(x - size / 2, bbox.top - 1);
      ctx.fill();
      ctx.globalAlpha = 0.35;
      ctx.fillRect(x - ratio / 2, bbox.top, ratio, bbox.height);
      ctx.globalAlpha = 1;
    }
    ctx.restore();
  }
}
