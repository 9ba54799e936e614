import { microseconds } from './duration.ts';
import type { InstantUs } from './instant.ts';
import type { Model } from './model.ts';
import type { ModelContract } from './model-contract.ts';
import { requestColumns } from './request-columns.ts';

/** What the data adds to a definition when its contract is derived. */
export interface ContractFacts {
  /** First event time of the events. */
  dataBeginsUs: InstantUs;
  /** Categories of each categorical feature, in code order. */
  categories: Readonly<Record<string, readonly string[]>>;
}

/**
 * Derives contract.json from a model definition. Only columns that may be null are optional in a request.
 * The model's input is called `features`, its answer `probability` or, for a regression, `prediction`.
 */
export function deriveContract(model: Model, facts: ContractFacts): ModelContract {
  const { columns } = model.events;
  const { timeoutMs, maxBatchSize, fallback, unknowns, outliers } = model.serving;
  return {
    schemaVersion: 1,
    model: model.name,
    question: model.question,
    owner: model.owner,
    task: model.task,
    label: model.label.column,
    cutoff: { column: model.cutoff.column, leadUs: microseconds(model.cutoff.lead) },
    dataBeginsUs: facts.dataBeginsUs,
    request: requestColumns(model).map((name) => {
      const { type, nullable, about } = columns[name] as (typeof columns)[string];
      return { name, type, required: nullable !== true, about };
    }),
    features: model.features.flatMap(({ spec }) =>
      Object.entries(spec.features).map(([name, feature]) => ({
        name,
        view: spec.name,
        categories: feature.from === 'category' ? [...(facts.categories[name] ?? [])] : null,
      })),
    ),
    views: model.features.map(({ digest, spec }) => ({ digest, spec })),
    input: { name: 'features', datatype: 'FP32' },
    output: { name: model.task === 'binary' ? 'probability' : 'prediction', datatype: 'FP32' },
    threshold: model.task === 'binary' ? (model.serving.threshold ?? 0.5) : null,
    serving: { timeoutMs, maxBatchSize, fallback, unknowns, outliers },
  };
}
