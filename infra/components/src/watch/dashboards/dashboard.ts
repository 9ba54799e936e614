import { sha256 } from '@repo/contract/canonical-json';
import type { GraphLine } from './metric-query.ts';

/** Units as Grafana names them. */
export const Unit = {
  seconds: 's',
  share: 'percentunit',
  perSecond: 'reqps',
  count: 'short',
  bytes: 'bytes',
} as const;
export type Unit = (typeof Unit)[keyof typeof Unit];

/** A picture on a dashboard, before it has a place. */
export interface Panel {
  readonly title: string;
  /** What it shows and what to make of it, for whoever sees it the first time. */
  readonly about: string;
  /** `stat` shows the latest value alone. Default: lines over time. */
  readonly kind?: 'stat';
  readonly unit: Unit;
  readonly lines: readonly GraphLine[];
  /** An objective or the threshold of an alert, in the unit of the panel: drawn as a line, and red beyond it. */
  readonly limit?: { readonly value: number; readonly bad: 'above' | 'below' };
}

/** Grafana's grid has 24 columns. */
const sizes = { stat: { w: 6, h: 4 }, timeseries: { w: 12, h: 8 } } as const;

function thresholds(limit: Panel['limit']) {
  const [below, above] = limit?.bad === 'below' ? ['red', 'green'] : ['green', 'red'];
  const steps = limit === undefined ? [] : [{ color: above, value: limit.value }];
  return { mode: 'absolute', steps: [{ color: limit === undefined ? 'green' : below, value: null }, ...steps] };
}

function panelJson(panel: Panel, id: number, place: { x: number; y: number }) {
  const { title, about, kind, unit, lines, limit } = panel;
  const type = kind ?? 'timeseries';
  const custom = limit === undefined ? {} : { thresholdsStyle: { mode: 'line' } };
  return {
    id,
    title,
    description: about,
    type,
    gridPos: { ...place, ...sizes[type] },
    fieldConfig: {
      defaults: { unit, min: 0, thresholds: thresholds(limit), ...(type === 'stat' ? {} : { custom }) },
      overrides: [],
    },
    targets: lines.map(({ query, legend }, i) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + i),
      expr: query,
      legendFormat: legend,
    })),
  };
}

/** Puts panels on the grid from left to right, in rows of one height. */
function laidOut(panels: readonly Panel[]) {
  let [x, y, rowHeight] = [0, 0, 0];
  return panels.map((panel, i) => {
    const { w, h } = sizes[panel.kind ?? 'timeseries'];
    if (x + w > 24 || (x > 0 && h !== rowHeight)) [x, y] = [0, y + rowHeight];
    const json = panelJson(panel, i + 1, { x, y });
    [x, rowHeight] = [x + w, h];
    return json;
  });
}

/** Grafana refuses longer ones. */
const longestUid = 40;

/** Cut with a digest of the whole, so that two long names stay two. */
function uidOf(what: string): string {
  const uid = `causeway-${what}`;
  return uid.length <= longestUid ? uid : `${uid.slice(0, longestUid - 9)}-${sha256(uid).slice(0, 8)}`;
}

/**
 * A dashboard as Grafana imports it. `what` becomes its address and stays when it is changed, so that links to it do. Its data source is the default one: what the
 * chart of the platform sets up is a Prometheus.
 */
export const dashboard = (what: string, title: string, panels: readonly Panel[]) => ({
  uid: uidOf(what),
  title,
  tags: ['causeway'],
  timezone: 'utc',
  schemaVersion: 39,
  editable: false,
  graphTooltip: 1,
  time: { from: 'now-6h', to: 'now' },
  refresh: '1m',
  panels: laidOut(panels),
});

export type Dashboard = ReturnType<typeof dashboard>;
