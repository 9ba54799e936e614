import type { Task } from './task.ts';

/** What an experiment compares between its arms, a value for each prediction. */
export interface ExperimentMetricRow {
  /** Whose answers it can be worked out from. */
  readonly tasks: readonly Task[];
  /** Which side is better; `either`: the arms should not differ. */
  readonly good: 'lower' | 'higher' | 'either';
  /** Whether it waits for the truth. */
  readonly needsLabel: boolean;
  /** Unit of the mean over predictions; empty for a share. */
  readonly unit: string;
  readonly about: string;
}

/** The metrics that every model has; those of behaviour are columns of the events, which a definition names. */
export const experimentMetrics = {
  logLoss: { tasks: ['binary'], good: 'lower', needsLabel: true, unit: 'nats', about: 'log-loss of the probability' },
  brier: { tasks: ['binary'], good: 'lower', needsLabel: true, unit: '', about: 'squared error of the probability' },
  wrongDecision: {
    tasks: ['binary'],
    good: 'lower',
    needsLabel: true,
    unit: '',
    about: 'decisions that turned out wrong',
  },
  missed: { tasks: ['binary'], good: 'lower', needsLabel: true, unit: '', about: 'answered no, and it was yes' },
  falseAlarm: { tasks: ['binary'], good: 'lower', needsLabel: true, unit: '', about: 'answered yes, and it was no' },
  absoluteError: {
    tasks: ['regression'],
    good: 'lower',
    needsLabel: true,
    unit: 'of the label',
    about: 'absolute error',
  },
  squaredError: {
    tasks: ['regression'],
    good: 'lower',
    needsLabel: true,
    unit: 'of the label, squared',
    about: 'squared error',
  },
  bias: {
    tasks: ['binary', 'regression'],
    good: 'either',
    needsLabel: true,
    unit: 'of the label',
    about: 'answer less truth: whether it is calibrated at large',
  },
  yes: { tasks: ['binary'], good: 'either', needsLabel: false, unit: '', about: 'answered yes' },
  fallback: {
    tasks: ['binary', 'regression'],
    good: 'lower',
    needsLabel: false,
    unit: '',
    about: 'answered by a lower level than the model',
  },
} as const satisfies Record<string, ExperimentMetricRow>;

export type ExperimentMetricName = keyof typeof experimentMetrics;
