import type { ParsedModel } from './model-schema.ts';

/** Columns of the events that a request must or may carry: the cut-off, what request views read, and the entities of the others. */
export function requestColumns({
  cutoff,
  features,
  events,
}: Pick<ParsedModel, 'cutoff' | 'features' | 'events'>): string[] {
  const read = new Set([cutoff.column]);
  for (const { spec } of features) {
    const columns = spec.kind === 'request' ? Object.values(spec.features).map((f) => f.column) : spec.entity;
    for (const name of columns) read.add(name);
  }
  return Object.keys(events.columns).filter((name) => read.has(name));
}
