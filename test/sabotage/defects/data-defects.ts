import { goldenSchema } from '@repo/contract/manifest';
import type { EvidenceOptions } from '@repo/gates/open-evidence';
import { bundleJson } from '@repo/registry/bundle-json';
import type { FeatureTable } from '@repo/training/feature-table';
import { spreadRows } from '@repo/training/spread-rows';
import { withModel } from '../altered.ts';
import { bothTables, changedColumn, placeOf, tableRows, withTest } from '../altered-table.ts';
import type { Defect } from '../defect.ts';
import type { Trained } from '../trained.ts';

const firstRows = (count: number) => Array.from({ length: count }, (_, row) => row);
const goldenOf = ({ contents }: Trained) => new Set(bundleJson(contents, 'golden.json', goldenSchema).rowIds);

/** Every twelfth test row replaced by a training row, but none that the service is asked for: its moments are those of the golden rows. */
function repeating({ tables: { train } }: Trained, golden: ReadonlySet<string>) {
  return (test: FeatureTable): FeatureTable => {
    const { rowIds, timesUs, matrix } = test;
    const moments = new Set(timesUs.filter((_, row) => golden.has(rowIds[row] as string)));
    const source = spreadRows(train.matrix.rows, matrix.rows);
    const repeated = (own: Float32Array, known: Float32Array) =>
      own.map((value, row) =>
        row % 12 === 0 && !moments.has(timesUs[row] as number) ? (known[source[row] as number] as number) : value,
      );
    const columns = matrix.columns.map((column, i) => repeated(column, train.matrix.columns[i] as Float32Array));
    return { ...test, matrix: { ...matrix, columns, labels: repeated(matrix.labels, train.matrix.labels) } };
  };
}

/** What is wrong with the rows that a good model is judged by. */
export const dataDefects: readonly Defect[] = [
  {
    name: 'overlapping split',
    made: 'the last 200 training rows are test rows',
    red: ['data-preconditions'],
    evidence: ({ honest, evidence }) => {
      const { train, test } = honest.tables;
      const earlier = tableRows(train, firstRows(train.matrix.rows - 200));
      const mixed = bothTables(earlier, tableRows(test, firstRows(200)));
      return { ...evidence(honest), tables: { ...honest.tables, train: mixed } };
    },
  },
  {
    name: 'too few rows',
    made: 'all but 900 test rows are left out, the golden ones kept',
    red: [],
    unsure: {
      small: ['data-preconditions', 'simple-baseline', 'slices', 'fairness', 'calibration'],
      full: [
        'data-preconditions',
        'absolute-floor',
        'simple-baseline',
        'slices',
        'fairness',
        'calibration',
        'overfit-and-leakage',
      ],
    },
    evidence: ({ honest, champion, evidence }) => {
      const golden = goldenOf(honest);
      const { rowIds, matrix } = honest.tables.test;
      const spread = new Set(spreadRows(matrix.rows, 900));
      const kept = [...rowIds.keys()].filter((row) => spread.has(row) || golden.has(rowIds[row] as string));
      const few = (from: Trained) => withTest(from, (test) => tableRows(test, kept));
      return evidence(few(honest), few(champion));
    },
  },
  {
    name: 'drifted data',
    made: 'in test rows and online the seats of a plane are counted three times',
    red: ['reference-drift'],
    unsure: { small: [], full: ['calibration', 'overfit-and-leakage'] },
    evidence: async (world) => {
      const { honest, champion } = world;
      const place = placeOf(honest, 'plane_seats');
      const drifted = (from: Trained) => withTest(from, (test) => changedColumn(test, place, (seats) => 3 * seats));
      const options = world.evidence(await withModel(world, 'drifted', drifted(honest)), drifted(champion));
      const served: EvidenceOptions['served'] = async (ids) => {
        const rows = await world.evidence(honest).served(ids);
        return rows.map((row) => row?.map((value, i) => (i === place ? 3 * value : value)) ?? null);
      };
      return { ...options, served };
    },
  },
  {
    name: 'repeated events',
    made: 'one test row in twelve is a training row under another key',
    red: ['overfit-and-leakage'],
    evidence: async (world) => {
      const { honest, champion } = world;
      const repeat = repeating(honest, goldenOf(honest));
      return world.evidence(await withModel(world, 'repeated', withTest(honest, repeat)), withTest(champion, repeat));
    },
  },
];
