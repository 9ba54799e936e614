import type { Source } from '@repo/contract/source';
import { columnTypeOf } from './column-type.ts';
import type { RuleResult } from './validation-report.ts';

/** What a comparison of declared and found columns yields. */
export interface ColumnCheck {
  /** Declared columns that are there with their type. */
  usable: string[];
  /** Declared columns that are there, of whatever type. */
  present: string[];
  /** The rules `presence` and `type`. */
  results: RuleResult[];
}

type Difference = { column: string; declared: string | null; found: string | null };

function result(kind: string, broken: Difference[], of: number): RuleResult {
  return {
    ruleId: kind,
    kind,
    severity: 'fail',
    outcome: broken.length > 0 ? 'fail' : 'pass',
    broken: broken.length,
    share: broken.length / of,
    tolerance: 0,
    because: null,
    detail: broken.length > 0 ? broken.map((d) => d.column).join(', ') : null,
    examples: broken.slice(0, 20).map((d) => ({ ...d })),
  };
}

/**
 * Compares a source's columns with those of a table, given by DuckDB type. `presence` counts columns that are missing and columns that
 * nobody declared, `type` those of another type.
 */
export function checkColumns(source: Source, found: ReadonlyMap<string, string>): ColumnCheck {
  const declared = Object.entries(source.columns);
  const differences = declared.map(([column, { type }]) => {
    const there = found.get(column);
    return { column, declared: type, found: there === undefined ? null : columnTypeOf(there) };
  });
  const missing: Difference[] = differences.filter((d) => d.found === null);
  const extra: Difference[] = [...found]
    .filter(([column]) => source.columns[column] === undefined)
    .map(([column, type]) => ({ column, declared: null, found: columnTypeOf(type) }));
  const mistyped: Difference[] = differences.filter((d) => d.found !== null && d.found !== d.declared);
  return {
    usable: differences.filter((d) => d.found === d.declared).map((d) => d.column),
    present: differences.filter((d) => d.found !== null).map((d) => d.column),
    results: [result('presence', [...missing, ...extra], declared.length), result('type', mistyped, declared.length)],
  };
}
