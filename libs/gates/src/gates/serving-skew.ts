import type { GateCheck } from '@repo/contract/gate-report';
import { spreadRows } from '@repo/training/spread-rows';
import type { Evidence, ServedRow } from '../evidence.ts';
import { factCheck } from '../fact-check.ts';
import type { Gate } from '../gate.ts';
import { limitCheck } from '../limit-check.ts';

/** Test rows besides the golden ones. */
const mostNeighbours = 500;
/** Relative; both are float32, and equal bit for bit where nothing is wrong. */
const tolerance = 1e-6;

type Row = ArrayLike<number | null>;

function differs(ours: number | null | undefined, theirs: number): boolean {
  const [a, b] = [ours ?? Number.NaN, theirs];
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) !== Number.isNaN(b);
  return Math.abs(a - b) > tolerance * Math.max(Math.abs(a), Math.abs(b));
}

/** Rows that the service sees otherwise than they were trained on, and how often each feature is the reason. */
function compare(evidence: Evidence, name: string, expected: readonly Row[], served: readonly ServedRow[]) {
  const names = evidence.candidate.contract.features.map((feature) => feature.name);
  const reasons = new Map<string, number>();
  let skewed = 0;
  served.forEach((row, i) => {
    const wrong =
      row === null ? ['refused by the service'] : names.filter((_, f) => differs(expected[i]?.[f], row[f] as number));
    if (wrong.length > 0) skewed += 1;
    for (const reason of wrong) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  });
  const worst = [...reasons].sort((a, b) => b[1] - a[1]).slice(0, 5);
  const found =
    skewed === 0
      ? `${served.length} rows come out of the online store as they were trained on.`
      : `${skewed} of ${served.length} rows differ: ${worst.map(([reason, rows]) => `${reason} (${rows})`).join(', ')}.`;
  const todo = 'What was trained on is not what the service computes: train from the views of the catalogue.';
  return limitCheck(evidence, 'skewShare', { name, value: skewed / served.length, found, todo });
}

/** Test rows of the same moments as the golden ones: the online store is filled once for a moment, whatever is asked of it. */
function neighbours({ candidate: { golden }, tables }: Evidence): string[] {
  const { rowIds, timesUs } = tables.test;
  const known = new Set(golden.rowIds);
  const moments = new Set(rowIds.flatMap((id, row) => (known.has(id) ? [timesUs[row] as number] : [])));
  const found = rowIds.filter((id, row) => !known.has(id) && moments.has(timesUs[row] as number));
  return spreadRows(found.length, mostNeighbours).map((place) => found[place] as string);
}

async function run(evidence: Evidence): Promise<GateCheck[]> {
  const { golden } = evidence.candidate;
  const { rowIds, matrix } = evidence.tables.test;
  const places = new Map(rowIds.map((id, row) => [id, row]));
  const strangers = golden.rowIds.filter((id) => !places.has(id)).length;
  const named = golden.rowIds.length > 0 && golden.rowIds.length === golden.features.length && strangers === 0;
  if (!named)
    return [
      factCheck(
        'golden rows',
        false,
        `${golden.rowIds.length} of ${golden.features.length} golden rows name an event, and ${strangers} of these are no test rows of this checkout. Train again: without them nobody can ask the service the same.`,
      ),
    ];
  const asked = [...golden.rowIds, ...neighbours(evidence)];
  const served = await evidence.served(asked);
  const table = asked.map((id) => matrix.columns.map((column) => column[places.get(id) as number] as number));
  return [
    compare(evidence, 'golden rows', golden.features, served.slice(0, golden.rowIds.length)),
    compare(evidence, 'test rows', table, served),
  ];
}

/**
 * The service sees what the model was trained on: golden rows of the bundle, and test rows of the same moments, asked for on the road that
 * a request takes. A model trained on another transform shows here, because its golden rows hold what it was trained on.
 */
export const servingSkew: Gate = { name: 'serving-skew', onFiles: true, run };
