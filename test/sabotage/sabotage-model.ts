import { defineModel, type Model, type ModelDefinition } from '@repo/contract/model';
import { defineSource, type Source, type SourceDefinition } from '@repo/contract/source';
import { gradientBoosting } from '@repo/contract/training';
import { category, requestView } from '@repo/contract/view';
import { flights } from '../../features/flights/flights.ts';
import flightDelay from '../../models/flight-delay/model.ts';

/** How much of the data a world is made of: 20,000 flights, or all that have a label. */
export type WorldSize = 'small' | 'full';

const { kind: _kind, ...flightsDefinition } = flights;

const columns: SourceDefinition['columns'] = {
  ...flights.columns,
  travellers: { type: 'text', about: 'A made-up group of travellers' },
  guess: { type: 'number', nullable: true, knownAt: 'landed_at', about: 'Arrival delay, up to 15 minutes wrong' },
};

/**
 * The flights with two made-up columns: a group that has nothing to do with delays, the half that the flight's key falls into by hash; and the
 * delay itself with an error, known as late as the delay is.
 */
const sourceOf = (changed: SourceDefinition['columns'] = {}): Source =>
  defineSource({
    ...flightsDefinition,
    columns: { ...columns, ...changed },
    sql: `SELECT *, CASE WHEN md5_number_lower(flight_id) % 2 = 0 THEN 'north' ELSE 'south' END AS travellers,
      arr_delay + 15 * ((md5_number_lower(flight_id || ' guess') % 1000) / 500.0 - 1) AS guess
      FROM (${flights.sql})`,
  });

export const flightsSource = sourceOf();

/** The flights as somebody would declare them who does not know that a column comes too late: the definition then lets it into a request. */
export const knownTooEarly = (column: string): Source => {
  const { knownAt: _, ...rest } = columns[column] as SourceDefinition['columns'][string];
  return sourceOf({ [column]: rest });
};

export const travellers = requestView({
  name: 'travellers',
  version: 1,
  about: 'The made-up group',
  source: flightsSource,
  features: { travellers: category('travellers') },
});

const { task: _task, digest: _digest, window: _window, declaredSplit: _declared, ...definition } = flightDelay;
export const flightViews = definition.features;

const because = { reason: 'A sample of 20,000 flights leaves intervals this wide.' };

/** What differs for 20,000 flights, of which 9,000 are learned from: fewer and smaller trees, and limits that the real model keeps on so few rows. */
const small: Pick<ModelDefinition, 'training'> & { gates: Partial<ModelDefinition['gates']> } = {
  training: gradientBoosting({ rounds: 60, leaves: 8, learningRate: 0.08, minLeafRows: 60 }),
  gates: {
    floor: { auc: 0.6, logLoss: 0.5 },
    limits: {
      ...definition.gates.limits,
      simpleSkillGain: { at: 0, ...because },
      skillGap: { at: 1.5, ...because },
      memorisedSkill: { at: 3.5, ...because },
      answerDrift: { at: 0.5, ...because },
      latencyRatio: { at: 2, reason: 'So small a model takes no longer than a few nodes more do.' },
      calibrationSlope: { at: 0.75, ...because },
    },
  },
};

/** The flight-delay model with a protected group, on all flights as it is, on 20,000 with less to learn. `changes` replace parts of it. */
export function sabotageModel(size: WorldSize, changes: Partial<ModelDefinition> = {}): Model {
  const own = size === 'full' ? definition : { ...definition, training: small.training };
  return defineModel({
    ...own,
    events: flightsSource,
    features: [...flightViews, travellers],
    gates: { ...own.gates, protected: ['travellers'], ...(size === 'full' ? {} : small.gates) },
    ...changes,
  });
}

/** A definition with parts replaced. */
export function redefined(model: Model, changes: Partial<ModelDefinition>): Model {
  const { task: _t, digest: _d, window: _w, declaredSplit: _s, ...rest } = model;
  return defineModel({ ...rest, ...changes });
}

/** A definition whose boosting has other settings. */
export function retuned(model: Model, settings: Parameters<typeof gradientBoosting>[0]): Model {
  if (model.training.by !== 'gradientBoosting') throw new RangeError(`training.by: received ${model.training.by}`);
  return redefined(model, { training: { ...model.training, ...settings } });
}
