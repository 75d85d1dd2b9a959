// Protocols: what is spoken, by family; and a page for each, made only of the fields it declares.

import { families } from '../../../../core/index.ts';
import type { SceneSnapshot } from '../../../api/index.ts';
import {
  counted,
  familyPaint,
  familyTitle,
  formatBytes,
  formatPercent,
  largestFamilies,
  protocolText,
} from '../../../present/index.ts';
import { type BarRow, Bars } from '../../charts/bars.tsx';
import { rates } from '../../charts/columns.ts';
import { TimeChart } from '../../charts/time.tsx';
import type { Screen, ViewProps } from '../../shell/screen.ts';
import { Empty, Panel } from '../pieces/pieces.tsx';
import { equals } from '../pieces/terms.ts';
import { alertMarks, useTraffic } from '../pieces/traffic.ts';
import { ProtocolPage } from './protocol-page.tsx';

export function Protocols({ screen }: ViewProps) {
  const { protocol } = screen.params.value;
  const info = protocol === undefined ? undefined : screen.protocol(protocol);
  if (info !== undefined) return <ProtocolPage key={info.name} screen={screen} info={info} />;
  return <ProtocolList screen={screen} />;
}

interface Spoken {
  readonly name: string;
  readonly bytes: number;
  readonly flows: number;
}

/** What was spoken, the most bytes first. */
export function spokenProtocols(snapshot: SceneSnapshot | null): Spoken[] {
  return Object.entries(snapshot?.apps ?? {})
    .map(([name, { bytes, flows }]) => ({ name, bytes, flows }))
    .sort((a, b) => b.bytes - a.bytes);
}

function ProtocolList({ screen }: ViewProps) {
  const snapshot = screen.snapshot.value;
  const spoken = spokenProtocols(snapshot);
  const total = spoken.reduce((sum, { bytes }) => sum + bytes, 0);
  const byFamily = families.map((family) =>
    spoken.filter(({ name }) => screen.familyOf(name) === family).reduce((sum, { bytes }) => sum + bytes, 0),
  );
  const [first] = largestFamilies(families, byFamily);
  return (
    <div class="view view-grid">
      <h1 class="unseen">Protocols</h1>
      <p class="view-sentence">
        {first === undefined
          ? 'Nothing has been said yet.'
          : `${counted(spoken.length, 'protocol')}; mostly ${familyTitle[first.family]}: ${formatPercent(first.bytes, total)} of ${formatBytes(total)}.`}
      </p>
      <FamiliesOverTime screen={screen} />
      <Panel isWide>
        {spoken.length === 0 ? (
          <Empty>No protocol was recognised yet. It takes the first bytes of a conversation.</Empty>
        ) : (
          <div class="view-grid">
            {families.map((family) => (
              <FamilyBars key={family} screen={screen} family={family} spoken={spoken} total={total} />
            ))}
          </div>
        )}
      </Panel>
    </div>
  );
}

function FamiliesOverTime({ screen }: ViewProps) {
  const { series, window, isOpenEnded } = useTraffic(screen);
  if (series === null) return null;
  const lines = families.map((family, i) => ({
    title: familyTitle[family],
    paint: familyPaint[family],
    values: rates(series.families[i] ?? [], series.stepSec, 8),
  }));
  return (
    <Panel isWide>
      <TimeChart
        screen={screen}
        title="Traffic by family"
        series={series}
        lines={lines.filter(({ values }) => values.some((value) => value > 0))}
        unit="bits"
        stacked
        marks={alertMarks(screen)}
        {...(window === undefined ? {} : { window })}
        isOpenEnded={isOpenEnded}
      />
    </Panel>
  );
}

interface FamilyProps {
  readonly screen: Screen;
  readonly family: (typeof families)[number];
  readonly spoken: readonly Spoken[];
  readonly total: number;
}

/** Those with fields lead to their page, the others narrow. */
function FamilyBars({ screen, family, spoken, total }: FamilyProps) {
  const titles = new Map(screen.scene.value.protocols.map(({ name, title }) => [name, title]));
  const rows = spoken
    .filter(({ name }) => screen.familyOf(name) === family)
    .map(({ name, bytes, flows }): BarRow => {
      const hasPage = (screen.protocol(name)?.fields.length ?? 0) > 0;
      return {
        label: protocolText(name, titles),
        value: formatBytes(bytes),
        share: total > 0 ? bytes / total : 0,
        paint: familyPaint[family],
        note: counted(flows, 'flow'),
        ...(hasPage ? { href: screen.href('protocols', { protocol: name }) } : { term: equals('app', name) }),
      };
    });
  if (rows.length === 0) return null;
  return <Bars screen={screen} title={familyTitle[family]} rows={rows} measure="bytes" />;
}
