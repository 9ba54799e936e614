import type { Rule } from '@repo/contract/rule';
import type { Source } from '@repo/contract/source';
import { checkColumns } from './check-columns.ts';
import type { Database } from './database.ts';
import { exampleRows } from './example-rows.ts';
import { sqlError } from './raw-tables.ts';
import { type Finding, planRule, type RulePlan } from './rule-plan.ts';
import { identifier, quoteText } from './sql-text.ts';
import type { RuleResult } from './validation-report.ts';

const exampleLimit = 20;

/** The declared rules after a null check for each column that may not be null and has no null rule of its own. */
function rulesOf(source: Source): Rule[] {
  const own = new Set(source.rules.flatMap((rule) => (rule.kind === 'nullShare' ? [rule.column] : [])));
  const implied = Object.entries(source.columns).filter(([name, column]) => column.nullable !== true && !own.has(name));
  return [...implied.map(([name]): Rule => ({ kind: 'nullShare', column: name })), ...source.rules];
}

function tableOf(dataPath: string, present: readonly string[], plans: readonly RulePlan[]): string {
  const columns = [
    ...present.map(identifier),
    'file_row_number AS _row',
    ...plans.flatMap((plan) => plan.column ?? []),
  ];
  const file = `read_parquet(${quoteText(dataPath)}, file_row_number = true, hive_partitioning = false)`;
  return [`(SELECT ${columns.join(', ')} FROM ${file})`, ...plans.flatMap((plan) => plan.join ?? [])].join(' ');
}

const numberOf = (value: unknown): number | null => (value === null || value === undefined ? null : Number(value));

/** One scan for all rules that an aggregate can measure. */
async function measure(database: Database, source: Source, table: string, plans: readonly RulePlan[]) {
  const aggregates = plans.map((plan, i) => `${plan.measure ?? 'NULL'} AS _${i}`);
  try {
    const [row = {}] = await database.rows(`SELECT ${['count(*) AS _rows', ...aggregates].join(', ')} FROM ${table}`);
    return { rows: Number(row._rows), measured: plans.map((_, i) => numberOf(row[`_${i}`])) };
  } catch (error) {
    const checks = plans.filter((plan) => plan.rule.kind === 'check').map((plan) => plan.id);
    throw sqlError(`${source.name}.rules`, error, `correct the SQL of the rule it names, among ${checks.join(', ')}`);
  }
}

/** One grouped scan for a categorical: how many rows hold an unlisted value, and which values are the most frequent of them. */
async function findUnseen(
  database: Database,
  table: string,
  rule: Extract<Rule, { kind: 'categories' }>,
  rows: number,
) {
  const unseen = await database.rows(
    `SELECT ${identifier(rule.column)} AS value, count(*) AS n, sum(n) OVER () AS total FROM ${table}
     WHERE ${identifier(rule.column)} IS NOT NULL AND NOT list_contains($1, ${identifier(rule.column)})
     GROUP BY ALL ORDER BY n DESC, value LIMIT ${exampleLimit}`,
    [rule.values],
  );
  const listed = unseen.map((row) => `${row.value} (${row.n})`).join(', ');
  return { broken: Number(unseen[0]?.total ?? 0), of: rows, detail: listed === '' ? null : `unseen: ${listed}` };
}

async function failingRows(database: Database, table: string, plan: RulePlan, present: readonly string[]) {
  if (plan.failing === null) return [];
  const columns = ['_row', ...present.map(identifier)].join(', ');
  const rows = await database.rows(
    `SELECT ${columns} FROM (SELECT *, ${plan.failing} AS _failing FROM ${table}) WHERE _failing
     ORDER BY _row LIMIT ${exampleLimit}`,
    plan.rule.kind === 'categories' ? [plan.rule.values] : [],
  );
  return exampleRows(rows);
}

function resultOf(plan: RulePlan, finding: Finding): RuleResult {
  const share = finding.of === 0 ? 0 : finding.broken / finding.of;
  return {
    ruleId: plan.id,
    kind: plan.rule.kind,
    severity: plan.severity,
    outcome: share > plan.tolerance ? plan.severity : 'pass',
    broken: finding.broken,
    share,
    tolerance: plan.tolerance,
    because: plan.rule.because ?? null,
    detail: finding.detail,
    examples: [],
  };
}

const skipped = (plan: RulePlan, usable: readonly string[]): RuleResult => ({
  ...resultOf(plan, { broken: 0, of: 0, detail: null }),
  outcome: 'skipped',
  detail: `needs ${plan.needs.filter((name) => !usable.includes(name)).join(', ')}`,
});

/**
 * Checks the rows of a Parquet file against a source's data contract: the columns from the file's footer, then one aggregate scan, one
 * grouped scan for each categorical and one look at failing rows for each rule that is broken. The raw tables of reference rules
 * must be open. Throws InputError for a check whose SQL does not run.
 */
export async function checkRows(database: Database, source: Source, dataPath: string, nowUs: number) {
  const file = await database.rows(
    `DESCRIBE SELECT * FROM read_parquet(${quoteText(dataPath)}, hive_partitioning = false)`,
  );
  const found = new Map(file.map((row) => [String(row.column_name), String(row.column_type)]));
  const { usable, present, results } = checkColumns(source, found);
  const all = rulesOf(source).map((rule, i) => planRule(rule, i, { source, columns: present, nowUs }));
  const runs = (plan: RulePlan) => plan.needs.every((name) => usable.includes(name));
  const plans = all.filter(runs);
  const { rows, measured } = await measure(database, source, tableOf(dataPath, present, plans), plans);
  for (const plan of all) {
    if (!runs(plan)) {
      results.push(skipped(plan, usable));
      continue;
    }
    const table = tableOf(dataPath, present, [plan]);
    const finding =
      plan.rule.kind === 'categories'
        ? await findUnseen(database, table, plan.rule, rows)
        : plan.find(measured[plans.indexOf(plan)] ?? null, rows);
    const result = resultOf(plan, finding);
    if (result.outcome !== 'pass') result.examples = await failingRows(database, table, plan, present);
    results.push(result);
  }
  return { rows, results };
}
