import { gateLimits } from '@repo/contract/gate-limit';
import { type GateCheck, Outcome } from '@repo/contract/gate-report';
import type { FeatureTable } from '@repo/training/feature-table';
import { daysOf } from '../by-day.ts';
import { championOverlap } from '../champion-overlap.ts';
import type { Evidence, Side } from '../evidence.ts';
import { exactCheck } from '../exact-check.ts';
import type { Gate } from '../gate.ts';
import { limitOf } from '../limit-of.ts';
import { makeCheck } from '../make-check.ts';

const none = { good: 'at most', at: 0 } as const;

/** Too few rows are no fault of the candidate: it cannot be told yet what it is worth. */
function enough(
  name: string,
  value: number,
  evidence: Evidence,
  limit: 'testRows' | 'testDays' | 'testPositives',
): GateCheck {
  const { good, at } = limitOf(evidence, limit);
  const few = value < at;
  const detail = few ? 'Too few to tell: wait for more labelled rows, or widen split.test.' : 'Enough to tell.';
  return makeCheck(name, few ? Outcome.inconclusive : Outcome.pass, {
    value,
    limit: { good, at },
    unit: gateLimits[limit].unit,
    detail,
  });
}

function labelChecks({ model, tables }: Evidence): GateCheck[] {
  const { labels } = tables.test.matrix;
  const found = new Set(labels);
  const odd = [...found].filter((label) =>
    model.task === 'binary' ? label !== 0 && label !== 1 : !Number.isFinite(label),
  );
  const value = odd.length;
  const shown = odd.slice(0, 5).join(', ');
  return [
    exactCheck({
      name: 'labels out of range',
      value,
      limit: none,
      unit: 'values',
      found: value === 0 ? 'Every label is one that the task knows.' : `Found ${shown}.`,
      todo: 'Correct the label column of the events.',
    }),
    exactCheck({
      name: 'different labels',
      value: found.size,
      limit: { good: 'at least', at: 2 },
      unit: 'values',
      found: 'How many different labels the test rows have.',
      todo: 'Rows that all end alike say nothing about a model: widen split.test.',
    }),
  ];
}

const first = ({ timesUs }: FeatureTable) => timesUs.reduce((least, time) => Math.min(least, time), Infinity);
const last = ({ timesUs }: FeatureTable) => timesUs.reduce((most, time) => Math.max(most, time), -Infinity);
const at = (timeUs: number) => new Date(timeUs / 1000).toISOString();

/** Whether every row of a split is later than every row of the one before. */
function orderCheck(names: [string, string], earlier: FeatureTable, later: FeatureTable): GateCheck {
  const [ends, begins] = [last(earlier), first(later)];
  const good = ends < begins;
  const detail = `${names[0]} ends at ${at(ends)}, ${names[1]} begins at ${at(begins)}.`;
  return makeCheck(`${names[1]} rows after ${names[0]} rows`, good ? Outcome.pass : Outcome.fail, {
    detail: good ? detail : `${detail} A model must not be tested on times that it learned from: correct split.`,
  });
}

/** Rows that stand in the test split twice, or in a split that the model learned from. */
function overlapChecks({ tables }: Evidence): GateCheck[] {
  const ids = tables.test.rowIds;
  const known = new Set(ids);
  const learned = new Set([...tables.train.rowIds, ...tables.validate.rowIds].filter((id) => known.has(id)));
  return [
    exactCheck({
      name: 'test rows that the model learned from',
      value: ids.filter((id) => learned.has(id)).length,
      limit: none,
      unit: 'rows',
      found: 'Rows of the test split with the key of a training or validation row.',
      todo: 'What such rows say about the model is worth nothing: correct split, or the key of the events.',
    }),
    exactCheck({
      name: 'test rows that stand there twice',
      value: ids.length - known.size,
      limit: none,
      unit: 'rows',
      found: 'Rows of the test split with the key of another.',
      todo: 'Make the key of the events unique.',
    }),
  ];
}

/** Whether both models answered the rows that everything is decided on. */
function sameRows(side: Side, name: string, { tables }: Evidence): GateCheck {
  const { rowIds, matrix } = tables.test;
  const same = (given: FeatureTable) =>
    given.rowIds.length === rowIds.length &&
    given.rowIds.every((id, row) => id === rowIds[row]) &&
    given.matrix.labels.every((label, row) => label === matrix.labels[row]);
  const good = same(side.test) && side.answers.length === rowIds.length;
  return makeCheck(`rows of the ${name}`, good ? Outcome.pass : Outcome.fail, {
    detail: good
      ? `The ${name} answered exactly the test rows.`
      : `The ${name} answered ${side.answers.length} rows that are not the ${rowIds.length} test rows: run the gates again from the features stage on.`,
  });
}

/** A bundle made from other rows may have seen the test rows, and nothing here could tell. */
function trainingRows({ candidate, tables }: Evidence): GateCheck {
  const [claimed, here] = [candidate.profile.rows, tables.train.matrix.rows];
  const good = claimed === here;
  return makeCheck('training rows', good ? Outcome.pass : Outcome.fail, {
    value: claimed,
    unit: 'rows',
    detail: good
      ? 'As many as the training split of this checkout has.'
      : `The training split of this checkout has ${here}, so that the candidate may have learned from test rows: train it here, or gate it where it was trained.`,
  });
}

function digestCheck({ evaluationDigest }: Evidence): GateCheck {
  const good = /^sha256:[0-9a-f]{64}$/.test(evaluationDigest);
  return makeCheck('evaluation digest', good ? Outcome.pass : Outcome.fail, {
    detail: good
      ? `The test rows are ${evaluationDigest}.`
      : 'The test rows are not pinned by a digest: run the features stage again.',
  });
}

/** Whether the test rows can decide anything: enough of them, of both classes, later than and apart from all that the model learned from. */
export const dataPreconditions: Gate = {
  name: 'data-preconditions',
  onFiles: true,
  run(evidence) {
    const { model, candidate, champion, tables } = evidence;
    const { rows, labels } = tables.test.matrix;
    const positives = labels.filter((label) => label === 1).length;
    const rarer = Math.min(positives, rows - positives);
    return [
      enough('test rows', rows, evidence, 'testRows'),
      enough('days of test rows', new Set(daysOf(tables.test)).size, evidence, 'testDays'),
      ...(model.task === 'binary' ? [enough('test rows of the rarer class', rarer, evidence, 'testPositives')] : []),
      ...labelChecks(evidence),
      ...overlapChecks(evidence),
      orderCheck(['training', 'validation'], tables.train, tables.validate),
      orderCheck(['validation', 'test'], tables.validate, tables.test),
      sameRows(candidate, 'candidate', evidence),
      ...(champion === null ? [] : [sameRows(champion, 'champion', evidence), championOverlap(champion, evidence)]),
      trainingRows(evidence),
      digestCheck(evidence),
    ];
  },
};
