import { microseconds } from '@repo/contract/duration';
import type { InstantUs } from '@repo/contract/instant';
import { type Rule, type RuleKind, ruleId } from '@repo/contract/rule';
import type { Source } from '@repo/contract/source';
import type { Database } from '../database.ts';
import { sqlError } from '../raw-tables.ts';
import { planRule } from '../rule-plan.ts';
import { identifier, quoteText } from '../sql-text.ts';

/** Rules about a table as a whole, which validate holds it to. */
const tableRules: readonly RuleKind[] = ['rowBand', 'freshness', 'monotonic', 'noDuplicates'];

/** How far a producer's clock may be ahead. */
const clockSkewUs = microseconds('5m');

/** A rule of a row: what is true of the rows that break it. */
interface RowRule {
  readonly id: string;
  readonly broken: string;
  readonly join?: string | undefined;
}

/** One key has one row at one moment; what was known of it at another moment is another row. */
const repeated = (columns: readonly string[]): string =>
  `${columns.map((name) => `${identifier(name)} IS NOT NULL`).join(' AND ')}
   AND count(*) OVER (PARTITION BY ${[...columns.map(identifier), '_observed_at'].join(', ')}) > 1`;

/**
 * Instants that are measured when they come about: null before, so that one in the future of its row was not observed. An instant that is
 * never null, such as when an outcome will be settled, is a plan.
 */
function measuredInstants({ columns }: Source): string[] {
  const known = new Set(Object.values(columns).flatMap(({ knownAt }) => knownAt ?? []));
  return [...known].filter((name) => columns[name]?.nullable === true);
}

function ownRules(source: Source, nowUs: InstantUs): RowRule[] {
  const ahead = `_observed_at + to_microseconds(${clockSkewUs})`;
  const tolerated = source.rules.flatMap((rule) => (rule.kind === 'nullShare' ? rule.column : []));
  const never = (name: string) =>
    source.key.includes(name) || (source.columns[name]?.nullable !== true && !tolerated.includes(name));
  return [
    { id: 'future:observed_at', broken: `_observed_at > make_timestamptz(${nowUs + clockSkewUs})` },
    ...measuredInstants(source).map((name) => ({ id: `future:${name}`, broken: `${identifier(name)} > ${ahead}` })),
    ...Object.keys(source.columns)
      .filter(never)
      .map((name) => ({ id: `nullShare:${name}`, broken: `${identifier(name)} IS NULL` })),
    { id: `unique:${source.key.join('+')}`, broken: repeated(source.key) },
  ];
}

/** A declared rule as one of rows; null where it is about the table, warns only, or tolerates rows that break it. */
function declaredRule(rule: Rule, index: number, source: Source, nowUs: InstantUs): RowRule | null {
  const context = { source, columns: Object.keys(source.columns), nowUs };
  const { severity, tolerance, failing, join } = planRule(rule, index, context);
  if (tableRules.includes(rule.kind) || severity !== 'fail' || tolerance > 0 || failing === null) return null;
  const id = ruleId(rule);
  if (rule.kind === 'unique') return { id, broken: repeated(rule.columns) };
  if (rule.kind !== 'categories') return { id, broken: failing, join };
  return { id, broken: failing.replace('$1', () => `[${rule.values.map(quoteText).join(', ')}]`) };
}

/**
 * Adds to `batch_broken` the rows of `batch_typed` that break a rule of rows, and its id: the declared rules that fail and tolerate nothing,
 * nulls where none may be, a key that comes twice, and what was observed in the future. One scan for all of them, as most batches are
 * small. The raw tables of reference rules must be open. Throws InputError for a check whose SQL does not run.
 */
export async function checkBatch(database: Database, source: Source, nowUs: InstantUs): Promise<void> {
  const declared = source.rules.flatMap((rule, i) => declaredRule(rule, i, source, nowUs) ?? []);
  const rules = [...new Map([...ownRules(source, nowUs), ...declared].map((rule) => [rule.id, rule])).values()];
  const ids = rules.map(({ id, broken }) => `CASE WHEN ${broken} THEN ${quoteText(id)} END`);
  const joins = rules.flatMap(({ join }) => join ?? []).join(' ');
  try {
    await database.run(
      `INSERT INTO batch_broken SELECT _row, rule FROM (
         SELECT _row, unnest([${ids.join(', ')}]) AS rule FROM batch_typed ${joins}
       ) WHERE rule IS NOT NULL`,
    );
  } catch (error) {
    const checks = rules.filter(({ id }) => id.startsWith('check:')).map(({ id }) => id);
    throw sqlError(`${source.name}.rules`, error, `correct the SQL of the rule it names, among ${checks.join(', ')}`);
  }
}
