import { armName, type ExperimentPolicy } from '@repo/contract/experiment-policy';
import type { Model } from '@repo/contract/model';
import type { Database, Row } from '@repo/datasets/database';
import { quoteText } from '@repo/datasets/sql-text';
import { createAssignment } from '@repo/experiments/assign';
import type { ArmEvidence, ExperimentEvidence, UnitMetric } from '@repo/experiments/experiment-evidence';
import { joinLabels } from '@repo/monitoring/join-labels';
import { openLabels } from '@repo/monitoring/open-labels';
import type { Context } from '../context.ts';
import { labelRelation } from '../label-relation.ts';
import { metricsOf, outcomeColumns, sqlOf } from './metric-sql.ts';

export interface GatherOptions {
  readonly model: Model;
  readonly policy: ExperimentPolicy;
  /** File or folder of labels; null: the data of the model's events. */
  readonly labels: string | null;
}

/** How far back the past of a unit goes. */
const pastDays = 14;
/** Clocks that differ by less are one clock. */
const clockToleranceS = 300;

/** A unit as it is read: its arm, how many arms it had, and sums and rows of each metric, now and before. */
interface UnitRow {
  readonly unit: string;
  readonly variant: string;
  readonly variants: number;
  readonly answers: number;
  readonly labelled: number;
  readonly values: readonly {
    readonly sum: number;
    readonly rows: number;
    readonly sumBefore: number;
    readonly rowsBefore: number;
  }[];
}

const number = (value: Row[string] | undefined): number => Number(value ?? 0);

/** `exposed`: answers of the experiment, each event of a unit once; `valued`: every answer of the model with its metrics. */
async function joinTables(database: Database, { policy }: GatherOptions, nowUs: number): Promise<void> {
  const outcomes = outcomeColumns(policy);
  const values = metricsOf(policy).map((metric, i) => `${sqlOf(metric, outcomes)} AS m${i}`);
  await database.run(`CREATE TABLE valued AS
    SELECT *, epoch_us(time) > ${nowUs + clockToleranceS * 1e6} AS in_future, ${values.join(', ')},
      row_number() OVER (PARTITION BY experiment, unit, key ORDER BY time, id) > 1 AS repeated
    FROM outcomes`);
  await database.run(`CREATE TABLE exposed AS
    SELECT * FROM valued WHERE experiment = ${quoteText(policy.name)} AND NOT in_future AND unit IS NOT NULL`);
}

/** What units did before they were first exposed, as answers outside of the experiment that are not too old. */
const pastSql = (columns: string): string => `
  SELECT valued.unit, ${columns} FROM valued JOIN (SELECT unit, min(time) AS began FROM exposed GROUP BY unit) first USING (unit)
  WHERE experiment IS NULL AND NOT repeated AND time < began AND time >= began - INTERVAL ${pastDays} DAY GROUP BY valued.unit`;

async function readUnits(database: Database, metrics: number): Promise<UnitRow[]> {
  const all = Array.from({ length: metrics }, (_, i) => i);
  // In one order, so that the same log gives the same figures to the last bit wherever its events lie.
  const columns = all.map((i) => `sum(m${i} ORDER BY time, id) AS s${i}, count(m${i}) AS n${i}`).join(', ');
  const past = all.map((i) => `past.s${i} AS p${i}, past.n${i} AS q${i}`).join(', ');
  const rows = await database.rows(`
    WITH now AS (
      SELECT unit, min(variant) AS variant, count(DISTINCT variant) AS variants, count(*) AS answers, count(label) AS labelled, ${columns}
      FROM exposed WHERE NOT repeated GROUP BY unit
    ), past AS (${pastSql(columns)})
    SELECT now.*, ${past} FROM now LEFT JOIN past USING (unit) ORDER BY unit`);
  return rows.map((row) => ({
    unit: String(row.unit),
    variant: String(row.variant),
    variants: number(row.variants),
    answers: number(row.answers),
    labelled: number(row.labelled),
    values: all.map((i) => ({
      sum: number(row[`s${i}`]),
      rows: number(row[`n${i}`]),
      sumBefore: number(row[`p${i}`]),
      rowsBefore: number(row[`q${i}`]),
    })),
  }));
}

function metricOf(units: readonly UnitRow[], metric: number): UnitMetric {
  const column = (of: keyof UnitRow['values'][number]) =>
    Float64Array.from(units, ({ values }) => values[metric]?.[of] ?? 0);
  return {
    sums: column('sum'),
    rows: column('rows'),
    before: { sums: column('sumBefore'), rows: column('rowsBefore') },
  };
}

const sumOf = (units: readonly UnitRow[], of: 'answers' | 'labelled'): number =>
  units.reduce((sum, unit) => sum + unit[of], 0);

async function readVersions(database: Database): Promise<Map<string, string[]>> {
  const rows = await database.rows(
    `SELECT variant, list(DISTINCT version ORDER BY version) AS versions FROM exposed WHERE level = 'champion' GROUP BY variant`,
  );
  return new Map(
    rows.map((row) => [String(row.variant), [...(row.versions as unknown as { items: unknown[] }).items].map(String)]),
  );
}

async function readFacts(database: Database, policy: ExperimentPolicy): Promise<Row> {
  const weights = policy.arms.map((arm) => `(${quoteText(armName(arm))}, ${arm.weight / 100})`);
  const [row = {}] = await database.rows(`
    SELECT
      (SELECT count(*) FROM exposed WHERE repeated) AS repeated,
      (SELECT count(*) FROM valued WHERE in_future) AS in_future,
      (SELECT count(*) FROM valued WHERE experiment = ${quoteText(policy.name)} AND unit IS NULL) AS without_unit,
      (SELECT count(*) FROM exposed WHERE ambiguous AND NOT repeated) AS ambiguous,
      (SELECT epoch_us(max(time)) - epoch_us(min(time)) FROM exposed) AS span_us,
      (SELECT count(*) FROM exposed LEFT JOIN (VALUES ${weights.join(', ')}) declared(arm, weight) ON variant = arm
        WHERE weight IS NULL OR abs(propensity - weight) > 1e-9) AS other_propensity`);
  return row;
}

/**
 * Gathers what an experiment's units did: exposures from the table `answers`, their truth from the labels. All of it is read anew each time, so
 * that late labels and late events find their place.
 */
export async function gatherExperiment(
  context: Context,
  database: Database,
  options: GatherOptions,
): Promise<ExperimentEvidence> {
  const { model, policy, labels } = options;
  const atUs = context.nowUs;
  const columns = outcomeColumns(policy);
  const found = await labelRelation(context, database, { model, path: labels, atUs });
  const by = await openLabels(database, { model, columns, atUs, ...found });
  await joinLabels(database, { model, by, atUs });
  await joinTables(database, options, atUs);
  const metrics = metricsOf(policy);
  const all = await readUnits(database, metrics.length);
  const units = all.filter(({ variants }) => variants === 1);
  const byArm = Map.groupBy(units, ({ variant }) => variant);
  const versions = await readVersions(database);
  const salt = policy.salt ?? policy.name;
  const arms = policy.arms.map((arm) => ({ name: armName(arm), weight: arm.weight }));
  // Whoever answered took part, whatever the traffic is by now.
  const assign = createAssignment({ salt, traffic: 100, arms });
  const facts = await readFacts(database, policy);
  return {
    arms: arms.map(({ name }): ArmEvidence => {
      const own = byArm.get(name) ?? [];
      const counts = { units: own.length, answers: sumOf(own, 'answers'), labelled: sumOf(own, 'labelled') };
      return { name, ...counts, versions: versions.get(name) ?? [], metrics: metrics.map((_, i) => metricOf(own, i)) };
    }),
    days: number(facts.span_us) / 86_400e6,
    facts: {
      movedUnits: all.length - units.length,
      misassignedUnits: units.filter(({ unit, variant }) => assign(unit)?.arm !== variant).length,
      otherPropensity: number(facts.other_propensity),
      repeated: number(facts.repeated),
      inFuture: number(facts.in_future),
      withoutUnit: number(facts.without_unit),
      ambiguousLabels: number(facts.ambiguous),
    },
  };
}
