import type { GateCheck, GateReport } from '@repo/contract/gate-report';
import { plainText } from '@repo/contract/plain-text';
import { chart } from '@repo/training/report/chart';
import { outcomeLooks } from './outcome-look.ts';

type Curves = NonNullable<GateReport['pictures'][keyof GateReport['pictures']]>;

export interface CurveOptions {
  x: string;
  y: string;
  /** Draws the dashed line from 0, 0 to 1, 1 on which an axis of probabilities is met. */
  diagonal?: boolean;
}

const axis = (field: string, title: string) => ({ field, title, type: 'quantitative' }) as const;
const corners = [
  { x: 0, y: 0 },
  { x: 1, y: 1 },
];

/** A curve of the candidate and, dashed, one of the champion. */
export function curveChart({ candidate, champion }: Curves, { x, y, diagonal = false }: CurveOptions): Promise<string> {
  const sides = { candidate, champion: champion ?? [] };
  const values = Object.entries(sides).flatMap(([side, points]) => points.map(([px, py]) => ({ x: px, y: py, side })));
  const domain = champion === null ? ['candidate'] : ['candidate', 'champion'];
  const scale = (range: unknown[]) => ({ domain, range: range.slice(0, domain.length) });
  const legend = { orient: 'top', symbolType: 'stroke', symbolSize: 400 } as const;
  const curve = {
    data: { values },
    mark: { type: 'line' as const, strokeWidth: 2 },
    encoding: {
      color: { field: 'side', type: 'nominal', title: null, scale: scale(['#1f5aa6', '#b26a00']), legend } as const,
      strokeDash: {
        field: 'side',
        type: 'nominal',
        title: null,
        scale: scale([
          [1, 0],
          [6, 4],
        ]),
      } as const,
    },
  };
  const dashed = { data: { values: corners }, mark: { type: 'line' as const, color: '#bbb', strokeDash: [2, 4] } };
  return chart({
    layer: diagonal ? [dashed, curve] : [curve],
    encoding: { x: axis('x', x), y: axis('y', y) },
  } as Parameters<typeof chart>[0]);
}

const rowHeight = 22;
/** Vega guesses the width of a text without a font: 36 characters still leave most of the picture to the numbers. */
const mostLabelChars = 36;

/** Names for the rows of a chart: short, and no two alike, as equal names would share a row. */
function rowNames(checks: readonly GateCheck[]): string[] {
  const seen = new Map<string, number>();
  return checks.map(({ name }) => {
    const short = plainText(name, mostLabelChars) || '-';
    const count = (seen.get(short) ?? 0) + 1;
    seen.set(short, count);
    return count === 1 ? short : `${short} (${count})`;
  });
}

export interface LimitChartOptions {
  x: string;
  /** Bars from 0, for what is a size; else points with their intervals, a forest plot. */
  bars?: boolean;
}

/** Checks that compare a number with a limit, a row each: the value, its interval and a black tick at the limit. The shape of a point tells its outcome. */
export function limitChart(checks: readonly GateCheck[], { x, bars = false }: LimitChartOptions): Promise<string> {
  const names = rowNames(checks);
  const values = checks.map(({ value, interval, limit, outcome }, i) => ({
    name: names[i],
    value,
    lower: interval?.[0] ?? value,
    upper: interval?.[1] ?? value,
    limit: limit?.at ?? null,
    outcome: outcomeLooks[outcome].word,
  }));
  const present = Object.values(outcomeLooks).filter(({ word }) => values.some(({ outcome }) => outcome === word));
  const domain = present.map(({ word }) => word);
  const legend = { orient: 'top', symbolSize: 120 } as const;
  const outcome = (range: string[]) =>
    ({ field: 'outcome', type: 'nominal', title: null, scale: { domain, range }, legend }) as const;
  const color = outcome(present.map((look) => look.color));
  const shape = outcome(present.map((look) => look.shape));
  const value = axis('value', x);
  const zero = { data: { values: [{ at: 0 }] }, mark: { type: 'rule', color: '#bbb' }, encoding: { x: axis('at', x) } };
  const y = { field: 'name', type: 'nominal', sort: null, title: null, axis: { labelLimit: 0 } } as const;
  const extent = bars
    ? { mark: { type: 'bar', height: 9, opacity: 0.5 }, encoding: { y, x: value, color: color } }
    : {
        mark: { type: 'rule', strokeWidth: 2 },
        encoding: { y, x: axis('lower', x), x2: { field: 'upper' }, color: color },
      };
  const point = {
    mark: { type: 'point', filled: true, size: 90, opacity: 1 },
    encoding: { y, x: value, color, shape },
  };
  const limit = { mark: { type: 'tick', color: '#111', thickness: 2, size: 16 }, encoding: { y, x: axis('limit', x) } };
  return chart({
    width: 900,
    height: Math.max(2, checks.length) * rowHeight,
    data: { values },
    layer: [zero, extent, limit, point],
    resolve: { scale: { color: 'shared', shape: 'shared' } },
  } as Parameters<typeof chart>[0]);
}
