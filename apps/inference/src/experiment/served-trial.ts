import type { Experiment } from '@repo/contract/experiment';
import { createAssignment, unitText } from '@repo/experiments/assign';
import type { Lineup, ModelTable } from '@repo/serving/model-table';
import type { Exposure } from '@repo/serving/prediction-log';
import { isPredictive, type PredictiveModel, type ServedModel } from '@repo/serving/served-model';

/** An arm that answers. */
export interface ServedArm {
  /** Null: the champion. */
  readonly version: string | null;
  readonly exposure: Exposure;
  /** `x-experiment` of its answers. */
  readonly header: string;
}

/**
 * Who answers a request. Without an arm the champion does, and the answer counts for nobody: its request names no unit, its unit takes no
 * part, or a version is not open.
 */
type Choice =
  | { readonly result: 'assigned'; readonly arm: ServedArm }
  | { readonly result: 'no_unit' | 'outside' | 'paused'; readonly arm: null };

/** A model's experiment, as far as its versions are open. */
export interface ServedTrial {
  readonly name: string;
  /** False while an arm that should answer cannot: then none does, as half an experiment compares nothing. */
  readonly active: boolean;
  /** Null: there is none, or it is not open. */
  readonly shadow: PredictiveModel | null;
  choose(body: unknown): Choice;
}

/** The version of a pin among those of a lineup, where it is open and of the pinned bytes. */
function openPin({ versions }: Lineup, pin: Experiment['shadow']): PredictiveModel | null {
  const found = versions.find((one) => pin !== null && one.version === String(pin.version));
  if (found === undefined || !('run' in found)) return null;
  return found.digest === pin?.digest && isPredictive(found) ? found : null;
}

function champion({ versions, current }: Lineup): ServedModel | null {
  const found = versions.find(({ version }) => version === current);
  return found !== undefined && 'run' in found ? found : null;
}

function createTrial(lineup: Lineup, experiment: Experiment): ServedTrial {
  const { name, unit, arms } = experiment;
  const assign = createAssignment(experiment);
  const active = arms.every(
    ({ pin, weight }) => weight === 0 || (pin === null ? champion(lineup) : openPin(lineup, pin)) !== null,
  );
  const served = new Map(
    arms.map(({ name: variant, pin, weight }): [string, ServedArm] => {
      const propensity = Math.round(weight * 100) / 10_000;
      const header = `${name};variant=${variant};propensity=${propensity}`;
      const version = pin === null ? null : String(pin.version);
      return [variant, { version, header, exposure: { experiment: name, variant, propensity } }];
    }),
  );
  return {
    name,
    active,
    shadow: openPin(lineup, experiment.shadow),
    choose: (body) => {
      if (!active) return { result: 'paused', arm: null };
      const id = unitText((body as Record<string, unknown> | null)?.[unit]);
      if (id === null) return { result: 'no_unit', arm: null };
      const arm = served.get(assign(id)?.arm ?? '');
      return arm === undefined ? { result: 'outside', arm: null } : { result: 'assigned', arm };
    },
  };
}

const trials = new WeakMap<Lineup, ServedTrial>();

/** The experiment of a model; null without one. Worked out once for each change of what is served. */
export function servedTrial(table: ModelTable, name: string): ServedTrial | null {
  const lineup = table.lineup(name);
  if (lineup === null || (lineup.experiment ?? null) === null) return null;
  const trial = trials.get(lineup) ?? createTrial(lineup, lineup.experiment as Experiment);
  trials.set(lineup, trial);
  return trial;
}
