import type { Finding } from '@repo/contract/monitor-findings';
import type { Profile } from '@repo/contract/profile';
import type { Database } from '@repo/datasets/database';
import { quoteText } from '@repo/datasets/sql-text';
import { type JointRows, jointDrift, jointDriftFinding } from '@repo/monitoring/domain-classifier';
import type { Window } from '@repo/monitoring/window';
import { mainVersion } from './evaluate-input.ts';

const dayUs = 86_400e6;
/** Whole weeks on either side, or the weekdays alone tell them apart. */
const [days, daysBefore] = [7, 14];
/** Days of the older side that there must have been traffic on. */
const fewestBefore = 7;
/** Rows of each side. They are chosen by the digest of their id: the same log gives the same rows. */
const mostRows = 2000;

export interface JointDriftOptions {
  /** SQL of the log, see `logRelation`; null: it holds nothing. */
  readonly relation: string | null;
  /** All windows, of which the newest says who answers. */
  readonly windows: readonly Window[];
  readonly profiles: ReadonlyMap<string, Profile | null>;
  /** End of the newest whole window, UTC microseconds. */
  readonly endUs: number;
}

/** The log, and whose answers in it are looked at. */
interface Served {
  readonly relation: string;
  readonly version: string;
  readonly profile: Profile;
}

/** Values as the model takes them: numbers, and the places of categories; NaN where there is none, or none that training knew. */
function columnOf(feature: Profile['features'][number], texts: readonly (string | null)[]): Float32Array {
  const toNumber = (text: string | null): number => {
    // Without characters it would be 0.
    const value = text === null || text.trim() === '' ? Number.NaN : Math.fround(Number(text));
    return Number.isFinite(value) ? value : Number.NaN;
  };
  if (feature.kind === 'number') return Float32Array.from(texts, toNumber);
  const places = new Map(feature.categories.map((category, place) => [category, place]));
  return Float32Array.from(texts, (text) => (text === null ? Number.NaN : (places.get(text) ?? Number.NaN)));
}

async function rowsBetween(database: Database, served: Served, fromUs: number, toUs: number): Promise<JointRows> {
  const { relation, version, profile } = served;
  const values = profile.features.map((_, i) => quoteText(`$[${i}].value`)).join(', ');
  // Chosen first: to take the features out of their JSON is most of the work. In no order by `place`, which is another one as soon as the log is
  // compacted, or copied: sums of other order end in other digits.
  const rows = await database.rows(`
    WITH chosen AS (
      SELECT place, at_us, id, key, time FROM outcomes WHERE version = ${quoteText(version)} AND at_us >= ${fromUs} AND at_us < ${toUs}
      ORDER BY md5(id), md5(concat(at_us, key)), time LIMIT ${mostRows}
    )
    SELECT CAST(at_us // ${dayUs} AS DOUBLE) AS day, json_extract_string(features, [${values}]) AS v
    FROM (SELECT hash(filename, file_row_number) AS place, features FROM ${relation} WHERE features IS NOT NULL) served
    JOIN chosen USING (place) ORDER BY at_us, id, key, time`);
  const texts = rows.map((row) => (row.v as unknown as { items: readonly (string | null)[] }).items);
  return {
    matrix: {
      featureNames: profile.features.map(({ name }) => name),
      categorical: profile.features.map(({ kind }) => kind === 'category'),
      columns: profile.features.map((feature, i) =>
        columnOf(
          feature,
          texts.map((row) => row[i] ?? null),
        ),
      ),
    },
    days: rows.map((row) => Number(row.day)),
  };
}

/** From when on the view `outcomes` must hold answers, so that the same moment is judged by the same rows whatever else is looked at. */
export const jointDriftFromUs = (endUs: number): number => endUs - (days + daysBefore) * dayUs;

/**
 * Whether the rows of the last week in the view `outcomes`, taken together, are unlike those of the two weeks before; nothing where no version with
 * a profile answers.
 */
export async function findJointDrift(database: Database, options: JointDriftOptions): Promise<Finding[]> {
  const { relation, windows, profiles, endUs } = options;
  const version = mainVersion(windows);
  const profile = version === null ? null : profiles.get(version);
  if (relation === null || version === null || profile === null || profile === undefined) return [];
  const served = { relation, version, profile };
  const weekUs = endUs - days * dayUs;
  const fromUs = jointDriftFromUs(endUs);
  const before = windows
    .filter((one) => one.version === version && one.fromUs >= fromUs && one.toUs <= weekUs)
    .map((one) => Math.floor(one.fromUs / dayUs));
  if (new Set(before).size < fewestBefore) return [jointDriftFinding(null)];
  const current = await rowsBetween(database, served, weekUs, endUs);
  const reference = await rowsBetween(database, served, fromUs, weekUs);
  return [jointDriftFinding(await jointDrift(reference, current))];
}
