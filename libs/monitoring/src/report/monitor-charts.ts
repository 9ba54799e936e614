import { formatInstant } from '@repo/contract/instant';
import { chart } from '@repo/training/report/chart';
import type { RealisedGroup } from '../realised/realised-groups.ts';

type Spec = Parameters<typeof chart>[0];

const axis = (field: string, title: string | null) => ({ field, title, type: 'quantitative' }) as const;
const narrow = (field: string, title: string | null) => ({ ...axis(field, title), scale: { zero: false } });
/** Times are UTC whatever machine draws. */
const timeAxis = {
  field: 'at',
  title: null,
  type: 'temporal',
  scale: { type: 'utc' },
  axis: { format: '%d %b', labelOverlap: true },
} as const;

/** A value at a moment, in microseconds. */
export interface Point {
  readonly atUs: number;
  readonly value: number;
}

const rule = (limit: number | null) =>
  limit === null
    ? []
    : [
        {
          data: { values: [{ limit }] },
          mark: { type: 'rule', color: '#b3261e', strokeDash: [4, 3] },
          encoding: { y: axis('limit', null) },
        },
      ];

/** A figure by window, with its limit as a dashed line. */
export function timeChart(points: readonly Point[], title: string, limit: number | null): Promise<string> {
  const values = points.map(({ atUs, value }) => ({ at: formatInstant(atUs), value }));
  const line = {
    data: { values },
    mark: { type: 'line', point: { size: 25 } },
    encoding: { x: timeAxis, y: limit === null ? narrow('value', title) : narrow('value', title) },
  };
  return chart({ height: 200, layer: [line, ...rule(limit)] } as Spec);
}

/** What was answered and what happened, by bins of the answers; `share` null where no label is known. */
export interface CalibrationPoint {
  readonly predicted: number;
  readonly observed: number;
}

/** Observed share against the middle of each bin of answers; on the dashed line a predicted 30 % happens 30 % of the time. */
export function calibrationPicture(points: readonly CalibrationPoint[]): Promise<string> {
  const corners = [
    { predicted: 0, observed: 0 },
    { predicted: 1, observed: 1 },
  ];
  const encoding = { x: axis('predicted', 'predicted'), y: axis('observed', 'happened') };
  const diagonal = { data: { values: corners }, mark: { type: 'line', color: '#bbb', strokeDash: [4, 4] } };
  return chart({
    layer: [diagonal, { data: { values: points }, mark: { type: 'line', point: true } }],
    encoding,
  } as Spec);
}

const rowHeight = 20;

/** The loss of each group with its interval. */
export function groupChart(groups: readonly RealisedGroup[], title: string): Promise<string> {
  const values = groups.flatMap(({ dimension, group, loss }) =>
    loss.value === null
      ? []
      : [
          {
            name: `${dimension} ${group}`.slice(0, 36),
            value: loss.value,
            lower: loss.interval?.[0] ?? loss.value,
            upper: loss.interval?.[1] ?? loss.value,
          },
        ],
  );
  const y = { field: 'name', type: 'nominal', sort: null, title: null, axis: { labelLimit: 0 } } as const;
  return chart({
    width: 900,
    height: Math.max(2, values.length) * rowHeight,
    data: { values },
    layer: [
      { mark: { type: 'rule', strokeWidth: 2 }, encoding: { y, x: narrow('lower', title), x2: { field: 'upper' } } },
      { mark: { type: 'point', filled: true, size: 70 }, encoding: { y, x: narrow('value', title) } },
    ],
  } as Spec);
}

/** A thing and how far it is to its limit, which is 1. */
export interface Distance {
  readonly name: string;
  readonly share: number;
}

/** How far findings of drift are to their limits; right of the line is beyond. */
export function distanceChart(distances: readonly Distance[]): Promise<string> {
  const y = { field: 'name', type: 'nominal', sort: null, title: null, axis: { labelLimit: 0 } } as const;
  return chart({
    width: 900,
    height: Math.max(2, distances.length) * rowHeight,
    layer: [
      {
        data: { values: distances },
        mark: { type: 'bar', height: 9 },
        encoding: { y, x: axis('share', 'value / limit') },
      },
      {
        data: { values: [{ at: 1 }] },
        mark: { type: 'rule', color: '#b3261e' },
        encoding: { x: axis('at', 'value / limit') },
      },
    ],
  } as Spec);
}
