import { canonicalJson } from '@repo/contract/canonical-json';
import type { ServedRow } from '@repo/gates/evidence';
import type { EvidenceOptions } from '@repo/gates/open-evidence';
import { servedRows } from '@repo/pipeline/served-rows';
import type { FlightsRoad } from './flights-road.ts';
import type { Trained } from './trained.ts';

/**
 * What the service sees of a candidate's rows, on the road that a request takes; one row in `oneIn` is asked for there, as each costs a
 * moment of the online store, and the others are taken as they stand in the table. A contract that was asked once is remembered.
 */
export function createServing({ database, relations }: FlightsRoad, oneIn: number) {
  const known = new Map<string, Promise<ServedRow[]>>();
  return ({ model, contract, tables: { test } }: Trained): EvidenceOptions['served'] =>
    async (ids) => {
      const isAsked = (place: number) => place % oneIn === 0;
      const asked = ids.filter((_, place) => isAsked(place));
      const key = canonicalJson([contract, asked]);
      const serving =
        known.get(key) ?? servedRows({ database, model, contract, views: model.features, relations }, asked);
      known.set(key, serving);
      const served = await serving;
      const rowOf = new Map(test.rowIds.map((id, row) => [id, row]));
      return ids.map((id, place): ServedRow => {
        if (isAsked(place)) return served[place / oneIn] ?? null;
        const row = rowOf.get(id);
        return row === undefined ? null : Float32Array.from(test.matrix.columns, (column) => column[row] as number);
      });
    };
}
