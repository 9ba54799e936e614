import { FeatureStatus } from '@repo/contract/model-contract';
import type { Profile } from '@repo/contract/profile';
import type { Database, Row } from '@repo/datasets/database';
import { quoteText } from '@repo/datasets/sql-text';
import type { FeatureWindow, Window } from '../window.ts';
import { type WindowsOptions, windowFilter, windowStart } from './answer-windows.ts';
import { countsSql, readCounts } from './read-counts.ts';

/** How many values that training did not have a window remembers by name, and how many characters of each. */
const mostOthers = 20;
const mostCharacters = 80;

type Features = Window['features'];
type ProfileFeature = Profile['features'][number];

const count = (value: Row[string] | undefined): number => Number(value ?? 0);
const statuses = Object.values(FeatureStatus);

/** SQL of the log's rows that are in the windows, with their features as two lists of texts: values and statuses, in the profile's order. */
function servedSql(options: WindowsOptions, relation: string, features: readonly ProfileFeature[]): string {
  const list = (member: string) => `[${features.map((_, i) => quoteText(`$[${i}].${member}`)).join(', ')}]`;
  return `SELECT ${windowStart(options)} AS window_us, json_extract_string(features, ${list('value')}) AS v,
      json_extract_string(features, ${list('status')}) AS s
    FROM (SELECT hash(filename, file_row_number) AS place, features FROM ${relation} WHERE features IS NOT NULL) served
    JOIN (SELECT place, at_us FROM outcomes WHERE ${windowFilter(options)}) chosen USING (place)`;
}

/** Columns of one feature, the i-th; SQL lists begin at 1. */
function featureColumns(feature: ProfileFeature, i: number): string[] {
  const [value, status] = [`v[${i + 1}]`, `s[${i + 1}]`];
  // As training saw it, in single precision; NaN is no number here, and cannot be in JSON either.
  const number = `nullif(TRY_CAST(${value} AS FLOAT), 'NaN'::FLOAT)`;
  const bins =
    feature.kind === 'number'
      ? [`${countsSql(number, feature.edges)} AS bins_${i}`, `count(${number}) AS numbers_${i}`]
      : [];
  const byStatus = statuses.map((name) => `count(*) FILTER (${status} = ${quoteText(name)}) AS ${name}_${i}`);
  return [`count(${value}) AS present_${i}`, ...bins, ...byStatus];
}

function toFeature(feature: ProfileFeature, i: number, row: Row): FeatureWindow {
  const [rows, present] = [count(row.rows), count(row[`present_${i}`])];
  const found = statuses.map((name) => [name, count(row[`${name}_${i}`])] as const).filter(([, n]) => n > 0);
  const same = { missing: rows - present, statuses: Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1))) };
  if (feature.kind === 'category')
    return { kind: 'category', counts: feature.categories.map(() => 0), other: 0, others: {}, ...same };
  const counts = readCounts(row[`bins_${i}`], feature.edges);
  return { kind: 'number', counts, other: present - count(row[`numbers_${i}`]), ...same };
}

/** Adds how often each category was served. A flood of new ones stays on the disk: only the most frequent are read. */
async function countCategories(
  database: Database,
  served: string,
  features: readonly ProfileFeature[],
  windows: ReadonlyMap<number, Features>,
): Promise<void> {
  const places = features.flatMap(({ kind }, i) => (kind === 'category' ? [i] : []));
  if (places.length === 0) return;
  const known = features.flatMap((feature, i) =>
    feature.kind === 'category' ? feature.categories.map((name) => `(${i}, ${quoteText(name)})`) : [],
  );
  const rows = await database.rows(`
    WITH counted AS (
      SELECT window_us, feature, value, count(*) AS n FROM (
        SELECT window_us, unnest([${places.join(', ')}]) AS feature, unnest([${places.map((i) => `v[${i + 1}]`).join(', ')}]) AS value
        FROM (${served})
      ) WHERE value IS NOT NULL GROUP BY ALL
    ), marked AS (
      SELECT counted.*, known.value IS NOT NULL AS is_known
      FROM counted LEFT JOIN (VALUES ${known.length === 0 ? "(-1, '')" : known.join(', ')}) known(feature, value) USING (feature, value)
    )
    SELECT window_us, feature, is_known, left(value, ${mostCharacters}) AS value, n,
      sum(n) OVER (PARTITION BY window_us, feature, is_known) AS together
    FROM marked QUALIFY is_known OR row_number() OVER (PARTITION BY window_us, feature, is_known ORDER BY n DESC, value) <= ${mostOthers}`);
  for (const row of rows) {
    const feature = features[count(row.feature)] as ProfileFeature;
    const window = windows.get(count(row.window_us))?.[feature.name];
    if (window?.kind !== 'category' || feature.kind !== 'category') continue;
    const [name, n] = [String(row.value), count(row.n)];
    if (row.is_known === true) window.counts[feature.categories.indexOf(name)] = n;
    else {
      window.other = count(row.together);
      window.others[name] = (window.others[name] ?? 0) + n;
    }
  }
}

const sorted = (record: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));

/**
 * Features as they were served, by the window's beginning: read from the log (`relation`, see `openAnswers`) for the answers in the view
 * `outcomes`. Features of a log lie in the order of the version's contract, which is that of its profile.
 */
export async function featureWindows(
  database: Database,
  relation: string,
  options: WindowsOptions & { readonly profile: Profile },
): Promise<Map<number, Features>> {
  const { features } = options.profile;
  const served = servedSql(options, relation, features);
  const columns = features.flatMap(featureColumns);
  const rows = await database.rows(
    `SELECT window_us, count(*) AS rows, ${columns.join(', ')} FROM (${served}) GROUP BY window_us`,
  );
  const windows = new Map(
    rows.map((row) => [
      count(row.window_us),
      Object.fromEntries(features.map((feature, i) => [feature.name, toFeature(feature, i, row)])),
    ]),
  );
  await countCategories(database, served, features, windows);
  for (const window of windows.values())
    for (const feature of Object.values(window))
      if (feature.kind === 'category') feature.others = sorted(feature.others);
  return windows;
}
