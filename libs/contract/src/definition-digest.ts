import { digestOf } from './canonical-json.ts';
import type { ParsedModel } from './model-schema.ts';

/**
 * Digest of all in a definition that can change a trained bundle: everything but `release`, `resources`, `monitoring`, `retraining`, `experiment`
 * and what `gates` decides by.
 */
export function definitionDigest(parsed: ParsedModel): string {
  const {
    release: _r,
    resources: _s,
    monitoring: _m,
    retraining: _t,
    experiment: _e,
    gates,
    events,
    features,
    ...facts
  } = parsed;
  return digestOf({
    ...facts,
    gates: { slices: gates.slices },
    events: {
      name: events.name,
      key: events.key,
      eventTime: events.eventTime,
      sql: events.sql,
      columns: events.columns,
    },
    // Canonical JSON sorts the features of a spec, yet their order is that of the model's input.
    features: features.map(({ digest, spec }) => ({ digest, spec, order: Object.keys(spec.features) })),
  });
}
