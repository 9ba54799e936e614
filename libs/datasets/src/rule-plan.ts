import { microseconds } from '@repo/contract/duration';
import { formatInstant } from '@repo/contract/instant';
import { type Rule, ruleColumns, ruleId, type Severity } from '@repo/contract/rule';
import type { Source } from '@repo/contract/source';
import { identifier } from './sql-text.ts';

/** What a measured number means: rows that break the rule, out of how many, and a word on it. */
export interface Finding {
  broken: number;
  of: number;
  detail: string | null;
}

/** One rule as SQL over the checked rows, which carry `_row` and what `column` and `join` add. */
export interface RulePlan {
  id: string;
  rule: Rule;
  severity: Severity;
  tolerance: number;
  /** Columns without which the rule cannot run. */
  needs: string[];
  /** An aggregate that yields one number; null where a grouped scan of its own measures (categories). */
  measure: string | null;
  /** Reads the measured number, null for an aggregate over nothing. */
  find: (measured: number | null, rows: number) => Finding;
  /** Is true for the rows to show; null where no row is to blame. */
  failing: string | null;
  /** A column that the scan adds, such as the value of the row before. */
  column?: string;
  /** A join that the scan adds, such as the known values of a reference. */
  join?: string;
}

/** What a plan may depend on besides its rule. */
export interface PlanContext {
  source: Source;
  /** Columns that are there, in the order of the declaration. */
  columns: readonly string[];
  nowUs: number;
}

type Sql = Pick<RulePlan, 'measure' | 'failing'> & Partial<Pick<RulePlan, 'find' | 'column' | 'join'>>;

const rowsThat = (predicate: string): Sql => ({
  measure: `count(*) FILTER (WHERE ${predicate})`,
  failing: predicate,
});

function outside(rule: Extract<Rule, { kind: 'hardRange' | 'softRange' }>, source: Source): Sql {
  const type = source.columns[rule.column]?.type;
  const name = identifier(rule.column);
  const value = type === 'instant' ? `epoch_us(${name})` : name;
  const bounds = [
    ...(rule.min === null ? [] : [`${value} < ${rule.min}`]),
    ...(rule.max === null ? [] : [`${value} > ${rule.max}`]),
    ...(type === 'number' ? [`isnan(${name})`] : []),
  ];
  return rowsThat(bounds.length === 0 ? 'FALSE' : `(${bounds.join(' OR ')})`);
}

/** Rows beyond the first of each group of equals. A null equals nothing, as in SQL's UNIQUE, unless `nulls` is set. */
function repeated(columns: readonly string[], nulls: boolean): Sql {
  const names = columns.map(identifier);
  const whole = nulls ? 'TRUE' : names.map((name) => `${name} IS NOT NULL`).join(' AND ');
  return {
    measure: `count(*) FILTER (WHERE ${whole}) - count(DISTINCT row(${names.join(', ')})) FILTER (WHERE ${whole})`,
    failing: `(${whole}) AND count(*) OVER (PARTITION BY ${names.join(', ')}) > 1`,
  };
}

function band(rule: Extract<Rule, { kind: 'rowBand' }>): Sql {
  return {
    measure: 'count(*)',
    failing: null,
    find: (_, rows) => {
      const bound = rows < rule.min ? rule.min : rule.max;
      const inside = rows >= rule.min && rows <= rule.max;
      return { broken: inside ? 0 : Math.abs(bound - rows), of: bound, detail: `${rows} rows` };
    },
  };
}

function fresh(rule: Extract<Rule, { kind: 'freshness' }>, nowUs: number): Sql {
  return {
    measure: `epoch_us(max(${identifier(rule.column)}))`,
    failing: null,
    find: (newest, rows) => {
      const old = newest === null || newest < nowUs - microseconds(rule.within);
      const seen = newest === null ? 'no value' : `newest ${formatInstant(newest)}`;
      return {
        broken: old ? Math.max(rows, 1) : 0,
        of: Math.max(rows, 1),
        detail: `${seen}, now ${formatInstant(nowUs)}`,
      };
    },
  };
}

function sqlOf(rule: Rule, index: number, context: PlanContext): Sql {
  switch (rule.kind) {
    case 'nullShare':
      return rowsThat(`${identifier(rule.column)} IS NULL`);
    case 'hardRange':
    case 'softRange':
      return outside(rule, context.source);
    case 'categories':
      return {
        measure: null,
        failing: `${identifier(rule.column)} IS NOT NULL AND NOT list_contains($1, ${identifier(rule.column)})`,
      };
    case 'unique':
      return repeated(rule.columns, false);
    case 'noDuplicates':
      return repeated(context.columns, true);
    case 'rowBand':
      return band(rule);
    case 'freshness':
      return fresh(rule, context.nowUs);
    case 'monotonic': {
      const name = identifier(rule.column);
      return {
        ...rowsThat(`${name} < _before_${index}`),
        column: `lag(${name} IGNORE NULLS) OVER (ORDER BY file_row_number) AS _before_${index}`,
      };
    }
    case 'check':
      return rowsThat(`NOT (${rule.sql})`);
    case 'reference': {
      const known = `SELECT DISTINCT CAST(${identifier(rule.to.column)} AS VARCHAR) AS _known_${index} FROM raw.${identifier(rule.to.table)}`;
      const name = identifier(rule.column);
      return {
        ...rowsThat(`${name} IS NOT NULL AND _known_${index} IS NULL`),
        join: `LEFT JOIN (${known}) ON _known_${index} = CAST(${name} AS VARCHAR)`,
      };
    }
  }
}

/** The columns that a rule reads: those that it names, all of them for noDuplicates, those that a check's SQL mentions. */
function neededBy(rule: Rule, context: PlanContext): string[] {
  if (rule.kind !== 'check') return ruleColumns(rule).map((c) => c.name);
  return Object.keys(context.source.columns).filter((name) => new RegExp(`\\b${name}\\b`, 'i').test(rule.sql));
}

/** Compiles a rule; `index` is its place in the source and keeps the names that it adds apart. */
export function planRule(rule: Rule, index: number, context: PlanContext): RulePlan {
  return {
    id: ruleId(rule),
    rule,
    severity: rule.severity ?? (rule.kind === 'softRange' ? 'warn' : 'fail'),
    tolerance: rule.tolerance ?? 0,
    needs: neededBy(rule, context),
    find: (measured, rows) => ({ broken: measured ?? 0, of: rows, detail: null }),
    ...sqlOf(rule, index, context),
  };
}
