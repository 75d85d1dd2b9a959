// Six numbers that say how it goes, each with its last minute; of what has ended, how much it was.

import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { TrafficSeries } from '../../../../core/index.ts';
import {
  directionPaint,
  familyPaint,
  formatBitRate,
  formatBytes,
  formatCount,
  formatPacketRate,
  formatPercent,
  type Paint,
  ratePerSec,
  unknown,
} from '../../../present/index.ts';
import { Spark } from '../../charts/spark.tsx';
import { useCalm } from '../../data/calm.ts';
import type { Screen, ViewProps } from '../../shell/screen.ts';

const sparkColumns = 60;
/** Numbers that change more often cannot be read. */
const calmMs = 500;

interface TileProps {
  readonly screen: Screen;
  readonly title: string;
  readonly value: string;
  readonly note?: string;
  readonly values: readonly number[];
  readonly paint?: Paint;
}

function Tile({ screen, title, value, note, values, paint = familyPaint.other }: TileProps): JSX.Element {
  return (
    <li class="tile">
      <h2 class="muted">{title}</h2>
      <p class="figure num">
        {value}
        {note !== undefined && <span class="note"> {note}</span>}
      </p>
      <Spark
        values={values}
        paint={paint}
        label={`${title}, how it went`}
        theme={screen.theme.value}
        columns={Math.min(sparkColumns, Math.max(2, values.length))}
      />
    </li>
  );
}

/** One value for each second of packet time, as far as they were seen here. */
function useEachSecond(value: number | null, lastUs: number | null): readonly number[] {
  const kept = useRef<{ second: number; values: number[] }>({ second: 0, values: [] });
  const second = Math.floor((lastUs ?? 0) / 1e6);
  const { current } = kept;
  if (value !== null && second !== current.second) {
    current.second = second;
    current.values = [...current.values.slice(1 - sparkColumns), value];
  }
  return current.values;
}

/** At most `sparkColumns` columns of equal width, each the mean of those in it. */
function squeezed(values: readonly number[]): readonly number[] {
  const width = Math.ceil(values.length / sparkColumns);
  if (width <= 1) return values;
  return Array.from({ length: Math.floor(values.length / width) }, (_, i) => {
    const part = values.slice(i * width, (i + 1) * width);
    return part.reduce((sum, each) => sum + each, 0) / part.length;
  });
}

type Values = (series: TrafficSeries) => readonly number[];

/** How a column of the series is told: as a rate now, or as a sum of what has ended. */
function useTeller(screen: Screen, goesOn: boolean) {
  const series = useCalm(screen.series(goesOn ? 'recent' : 'whole'), calmMs);
  return {
    rate: (values: Values): number | null => ratePerSec(series, values),
    sum: (values: Values): number | null => series && values(series).reduce((sum, each) => sum + each, 0),
    // The second that is still being counted is left out.
    spark: (values: Values): readonly number[] => {
      if (series === null) return [];
      return goesOn ? values(series).slice(-sparkColumns - 1, -1) : squeezed(values(series));
    },
  };
}

const text = (value: number | null, format: (value: number) => string): string =>
  value === null ? unknown : format(value);

export function Tiles({ screen }: ViewProps): JSX.Element {
  const pulse = useCalm(screen.pulse, calmMs);
  const snapshot = screen.snapshot.value;
  const goesOn = screen.scene.value.about.isLive && screen.range.value === null && snapshot?.state !== 'done';
  const { rate, sum, spark } = useTeller(screen, goesOn);
  const lastUs = pulse?.lastUs ?? snapshot?.lastUs ?? null;
  const dropped = pulse?.dropped ?? snapshot?.dropped;
  const lost = dropped === undefined ? 0 : dropped.kernel + dropped.interface;
  const seen = pulse?.packets ?? snapshot?.packets ?? 0;
  const hosts = useEachSecond(pulse?.hosts ?? null, lastUs);
  const losses = useEachSecond(lost, lastUs);
  const amount = (values: Values): string =>
    goesOn ? text(rate(values), (bytes) => formatBitRate(bytes * 8)) : text(sum(values), formatBytes);
  // A pulse may be older than the last snapshot of what has ended.
  const flows = formatCount(Math.max(pulse?.flows ?? 0, snapshot?.flows.total ?? 0));
  const began = rate((each) => each.newFlows) ?? 0;
  return (
    <ul class="tiles" aria-label={goesOn ? 'Right now' : 'In all'}>
      <Tile
        screen={screen}
        title="↓ In"
        value={amount((each) => each.inBytes)}
        values={spark((each) => each.inBytes)}
        paint={directionPaint.in}
      />
      <Tile
        screen={screen}
        title="↑ Out"
        value={amount((each) => each.outBytes)}
        values={spark((each) => each.outBytes)}
        paint={directionPaint.out}
      />
      <Tile
        screen={screen}
        title="Packets"
        value={
          goesOn
            ? text(
                rate((each) => each.packets),
                formatPacketRate,
              )
            : text(
                sum((each) => each.packets),
                formatCount,
              )
        }
        values={spark((each) => each.packets)}
      />
      <Tile
        screen={screen}
        title="Flows"
        value={goesOn ? formatCount(pulse?.activeFlows ?? snapshot?.flows.active ?? 0) : flows}
        {...(goesOn ? { note: `open of ${flows}, +${began.toFixed(began < 10 ? 1 : 0)}/s` } : {})}
        values={spark((each) => each.newFlows)}
      />
      <Tile screen={screen} title="Hosts" value={text(pulse?.hosts ?? null, formatCount)} values={hosts} />
      <Tile
        screen={screen}
        title="Loss"
        value={seen === 0 ? unknown : formatPercent(lost, lost + seen)}
        note={lost === 0 ? '✓ complete' : `✗ ${formatCount(lost)} packets`}
        values={losses}
      />
    </ul>
  );
}
