// The screen of a report: one long page, nothing that goes on, nothing that is asked of a server.

import { type Signal, signal } from '@preact/signals';
import { type Family, familyOf } from '../../../core/index.ts';
import type { ReportData, TimeRange } from '../../api/index.ts';
import type { Screen, Theme, ViewParams } from '../shell/screen.ts';
import { reportScene } from './report-scene.ts';

export interface ReportScreen extends Screen {
  readonly theme: Signal<Theme>;
  /** Said on top for a while. */
  readonly said: Signal<string>;
}

/** `#protocols?protocol=dns` */
function paramsOf(hash: string): ViewParams {
  return Object.fromEntries(new URLSearchParams(hash.split('?')[1] ?? ''));
}

function systemTheme(): Theme {
  if (matchMedia('(prefers-contrast: more)').matches) return 'contrast';
  return matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark';
}

export function reportScreen(data: ReportData): ReportScreen {
  const byName = new Map(data.protocols.map((each) => [each.name, each]));
  const params = signal(paramsOf(location.hash));
  const range = signal<TimeRange | null>(null);
  const said = signal('');
  const snapshot = signal(data.snapshot);
  const series = signal(data.series);
  const href = (view: string, next: ViewParams = {}): string => {
    const query = new URLSearchParams(next).toString();
    return `#${view}${query === '' ? '' : `?${query}`}`;
  };
  window.addEventListener('hashchange', () => {
    params.value = paramsOf(location.hash);
    document.getElementById(location.hash.slice(1).split('?')[0])?.scrollIntoView();
  });
  return {
    scene: signal(reportScene(data)),
    snapshot,
    pulse: signal(null),
    series: () => series,
    filter: signal(''),
    range,
    params,
    isPaused: signal(false),
    theme: signal(systemTheme()),
    cursorUs: signal(null),
    said,
    packetFileHref: () => null,
    setFilter: () => {},
    setRange: (chosen) => {
      range.value = chosen;
    },
    setParams: (next) => {
      location.hash = href('report', next);
    },
    go: (view, next) => {
      location.hash = href(view, next);
    },
    href,
    narrow: (term, isNot) => {
      const text = isNot ? `not (${term})` : term;
      const tell = (what: string): void => {
        said.value = `${what}: ${text}. A report cannot be filtered; open the capture in Taplight and use it there.`;
      };
      navigator.clipboard?.writeText(text).then(
        () => tell('Filter copied'),
        () => tell('Filter'),
      );
    },
    protocol: (name) => byName.get(name),
    familyOf: (app): Family => byName.get(app)?.family ?? familyOf(app, ''),
  };
}
