// Traffic by family over time; a range can be dragged, alerts are marks.

import type { JSX } from 'preact';
import { families, type TrafficSeries } from '../../../../core/index.ts';
import { familyPaint, familyTitle, severityPaint } from '../../../present/index.ts';
import { TimeChart, type TimeLine, type TimeMark } from '../../charts/time.tsx';
import type { Screen, ViewProps } from '../../shell/screen.ts';

/** The largest at the bottom; families without a byte are left out. */
function linesOf(series: TrafficSeries, isBits: boolean): TimeLine[] {
  return families
    .map((family, i) => {
      const values = series.families[i] ?? [];
      const bytes = values.reduce((sum, each) => sum + each, 0);
      return { family, values, bytes };
    })
    .filter(({ bytes }) => bytes > 0)
    .sort((a, b) => b.bytes - a.bytes)
    .map(({ family, values }) => ({
      title: familyTitle[family],
      paint: familyPaint[family],
      values: values.map((bytes) => (bytes * (isBits ? 8 : 1)) / series.stepSec),
    }));
}

function marksOf(screen: Screen, series: TrafficSeries): TimeMark[] {
  const fromUs = series.startSec * 1e6;
  const toUs = fromUs + series.packets.length * series.stepSec * 1e6;
  return (screen.snapshot.value?.alerts ?? [])
    .filter(({ firstUs, severity }) => severity !== 'info' && firstUs >= fromUs && firstUs < toUs)
    .map(({ firstUs, title, severity }) => ({ timeUs: firstUs, title, paint: severityPaint[severity] }));
}

export function Traffic({ screen }: ViewProps): JSX.Element {
  const params = screen.params.value;
  const isWhole = params.span === 'whole';
  const isBits = params.unit !== 'bytes';
  const series = screen.series(isWhole ? 'whole' : 'recent').value;
  const set = (name: string, value: string): void => screen.setParams({ ...params, [name]: value });
  return (
    <section class="panel traffic" aria-labelledby="traffic-title">
      <header>
        <h2 id="traffic-title">Traffic</h2>
        <span class="muted small">drag = a range of time · double-click = back</span>
        <div class="end">
          <select
            aria-label="Span"
            value={isWhole ? 'whole' : 'recent'}
            onChange={(e) => set('span', e.currentTarget.value)}
          >
            <option value="recent">last 10 minutes</option>
            <option value="whole">all of it</option>
          </select>
          <select
            aria-label="Unit"
            value={isBits ? 'bits' : 'bytes'}
            onChange={(e) => set('unit', e.currentTarget.value)}
          >
            <option value="bits">bits/s</option>
            <option value="bytes">bytes/s</option>
          </select>
        </div>
      </header>
      {series === null || series.packets.length < 2 ? (
        <p class="muted waiting">The first seconds are being counted …</p>
      ) : (
        <TimeChart
          screen={screen}
          title="Traffic by family"
          series={series}
          lines={linesOf(series, isBits)}
          unit={isBits ? 'bits' : 'bytes'}
          stacked
          isOpenEnded={screen.scene.value.about.isLive && !isWhole}
          marks={marksOf(screen, series)}
          height={168}
        />
      )}
    </section>
  );
}
