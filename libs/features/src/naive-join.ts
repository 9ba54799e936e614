import { microseconds } from '@repo/contract/duration';
import type { FeatureStatus } from '@repo/contract/model-contract';
import { ageUnitUs, type LookedUpViewSpec, type ViewSpec } from '@repo/contract/view';

/** A row with instants in microseconds. */
export type PlainRow = Readonly<Record<string, string | number | boolean | null>>;
/** A feature's value and status. */
export type Cell = [value: number | string | null, status: FeatureStatus];

const order = (a: number | boolean | string | null | undefined, b: typeof a): number => {
  if (a === b) return 0;
  if (a === null || a === undefined) return -1;
  if (b === null || b === undefined) return 1;
  return Number(a) - Number(b);
};

function rowsAt(spec: LookedUpViewSpec, history: readonly PlainRow[], ask: PlainRow, atUs: number): PlainRow[] {
  return history.filter((row) => {
    const [event, known] = [row[spec.event], row[spec.known]];
    if (typeof event !== 'number' || typeof known !== 'number') return false;
    return event <= atUs && known <= atUs && spec.entity.every((key) => row[key] !== null && row[key] === ask[key]);
  });
}

const missing: Cell = [null, 'missing'];

/**
 * The definition of the point-in-time join, row by row and slowly: what tests hold the SQL to. Answers a cell for each feature of a
 * looked-up view for one ask at a moment.
 */
export function naiveJoin(
  spec: ViewSpec,
  history: readonly PlainRow[],
  ask: PlainRow,
  atUs: number,
): Record<string, Cell> {
  if (spec.kind === 'request') throw new TypeError('received a request view; allowed: a looked-up view');
  const rows = rowsAt(spec, history, ask, atUs);
  const cells: Record<string, Cell> = {};
  if (spec.kind === 'latest') {
    const columns = [
      spec.event,
      spec.known,
      ...Object.keys(spec.features)
        .sort()
        .map((f) => spec.features[f]?.column as string),
    ];
    const newest = rows.toSorted((a, b) => columns.map((c) => order(b[c], a[c])).find((sign) => sign !== 0) ?? 0)[0];
    for (const [name, feature] of Object.entries(spec.features)) {
      const value = newest?.[feature.column] ?? null;
      if (newest === undefined) cells[name] = missing;
      else if (atUs - Number(newest[spec.event]) > microseconds(spec.ttl)) cells[name] = [null, 'stale'];
      else if (value === null) cells[name] = missing;
      else
        cells[name] = [feature.from === 'age' ? (atUs - Number(value)) / ageUnitUs[feature.unit] : Number(value), 'ok'];
    }
    return cells;
  }
  const inside = rows.filter((row) => Number(row[spec.event]) > atUs - microseconds(spec.window));
  const asked = spec.entity.every((key) => ask[key] !== null);
  for (const [name, feature] of Object.entries(spec.features)) {
    const present = inside.map((row) => row[feature.column] ?? null).filter((value) => value !== null);
    const sum = present.reduce((total: bigint, value) => {
      const millionths = Number(value) * 1e6;
      return total + BigInt(Math.sign(millionths) * Math.round(Math.abs(millionths)));
    }, 0n);
    if (!asked) cells[name] = missing;
    else if (feature.from === 'count') cells[name] = [present.length, present.length > 0 ? 'ok' : 'default'];
    else cells[name] = present.length > 0 ? [Number(sum) / (present.length * 1e6), 'ok'] : missing;
  }
  return cells;
}
