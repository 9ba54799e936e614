import { canonicalJson } from '@repo/contract/canonical-json';
import type { ServedRow } from '@repo/gates/evidence';
import type { EvidenceOptions } from '@repo/gates/open-evidence';
import { servedRows } from '@repo/pipeline/served-rows';
import type { FlightsRoad } from './flights-road.ts';
import type { Trained } from './trained.ts';

/**
 * What the service sees of a candidate's rows, on the road that a request takes. Rows of one moment in `oneIn` are asked for there, as each
 * moment costs a filling of the online store, and the others are taken as they stand in the table. A contract that was asked once is remembered.
 */
export function createServing({ database, relations }: FlightsRoad, oneIn: number) {
  const known = new Map<string, Promise<ServedRow[]>>();
  return ({ model, contract, tables: { test } }: Trained): EvidenceOptions['served'] =>
    async (ids) => {
      const rowOf = new Map(test.rowIds.map((id, row) => [id, row]));
      const momentOf = (id: string) => test.timesUs[rowOf.get(id) ?? -1];
      const moments = [...new Set(ids.map(momentOf))];
      const askedMoments = new Set(moments.filter((_, i) => i % oneIn === 0));
      const asked = ids.filter((id) => askedMoments.has(momentOf(id)));
      const key = canonicalJson([contract, asked]);
      const serving =
        known.get(key) ?? servedRows({ database, model, contract, views: model.features, relations }, asked);
      known.set(key, serving);
      const served = new Map((await serving).map((row, i) => [asked[i], row]));
      return ids.map((id): ServedRow => {
        const row = rowOf.get(id);
        if (served.has(id) || row === undefined) return served.get(id) ?? null;
        return Float32Array.from(test.matrix.columns, (column) => column[row] as number);
      });
    };
}
