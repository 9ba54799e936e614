import { type GateCheck, Outcome } from '@repo/contract/gate-report';
import type { ModelContract } from '@repo/contract/model-contract';
import { factCheck } from '../fact-check.ts';
import type { Gate } from '../gate.ts';
import { makeCheck } from '../make-check.ts';

/** What to do about a change that callers would notice. */
const remedy =
  'Callers of this model would break: keep it as it was, or give the new model a new name, which has an endpoint of its own, and let callers move.';

type Field = ModelContract['request'][number];

/** Why callers of the champion would be refused because of one field; null where they are not. */
function refusalOf(name: string, before: Field | undefined, after: Field | undefined): string | null {
  if (after === undefined) return `${name} is gone, and a request with it is refused`;
  if (before === undefined) return after.required ? `${name} is new and required` : null;
  // Every whole number is a number; any other change of type refuses values that were taken.
  const widened = before.type === 'integer' && after.type === 'number';
  if (before.type !== after.type && !widened) return `${name} was ${before.type} and is ${after.type}`;
  return after.required && !before.required ? `${name} was optional and is required` : null;
}

function request(before: ModelContract, after: ModelContract): GateCheck {
  const names = new Set([...before.request, ...after.request].map(({ name }) => name));
  const find = ({ request: fields }: ModelContract, name: string) => fields.find((field) => field.name === name);
  const refusals = [...names].flatMap((name) => refusalOf(name, find(before, name), find(after, name)) ?? []);
  const added = after.request.filter(({ name }) => find(before, name) === undefined).map(({ name }) => name);
  const fine = added.length === 0 ? 'every request of before is taken' : `new and optional: ${added.join(', ')}`;
  return factCheck(
    'request',
    refusals.length === 0,
    refusals.length === 0 ? fine : `${refusals.join('; ')}. ${remedy}`,
  );
}

/** Requests that were answered and would now be refused, by what they hold. */
function policies({ serving: before }: ModelContract, { serving: after }: ModelContract): GateCheck {
  const stricter = (['unknowns', 'outliers'] as const).filter(
    (policy) => after[policy] === 'reject' && before[policy] !== 'reject',
  );
  const found = stricter.map((policy) => `${policy} are refused from now on`);
  return factCheck(
    'rows that are refused',
    stricter.length === 0,
    stricter.length === 0 ? 'none that were taken' : `${found.join('; ')}. ${remedy}`,
  );
}

/** A fact that both contracts must share, in words. */
function sameFact(name: string, before: unknown, after: unknown): GateCheck {
  const isGood = before === after;
  return factCheck(name, isGood, isGood ? String(after) : `It was ${before} and is ${after}. ${remedy}`);
}

/** Changes that no caller is refused by, and that yet change what an answer means or who is told what. */
function notices(before: ModelContract, after: ModelContract): GateCheck[] {
  const changes: [name: string, before: unknown, after: unknown, about: string][] = [
    ['question', before.question, after.question, 'Make sure that callers still ask it.'],
    ['threshold', before.threshold, after.threshold, 'Decisions begin elsewhere: tell those who act on them.'],
    [
      'lead of the cut-off',
      before.cutoff.leadUs,
      after.cutoff.leadUs,
      'In microseconds: features are taken as known at another moment.',
    ],
    [
      'columns of the raw input',
      before.features.map(({ name }) => name).join(', '),
      after.features.map(({ name }) => name).join(', '),
      'Those who send rows to the infer route themselves must send the new ones.',
    ],
  ];
  return changes.flatMap(([name, was, is, about]) =>
    was === is ? [] : [makeCheck(name, Outcome.warn, { detail: `It was ${was} and is ${is}. ${about}` })],
  );
}

/**
 * Whoever calls the champion can call the candidate and understands what it says: no field is required that was not, none is gone or takes
 * less, no row is refused that was taken, and answer, label, task and cut-off keep their names. Fields that may be left out can be added.
 */
export const contractCompatibility: Gate = {
  name: 'contract-compatibility',
  onFiles: true,
  run: ({ candidate, champion }) => {
    if (champion === null)
      return [
        makeCheck('callers', Outcome.notApplicable, {
          detail: 'There is no champion yet, so nobody calls this model.',
        }),
      ];
    const [before, after] = [champion.contract, candidate.contract];
    const threshold = (contract: ModelContract) => (contract.threshold === null ? 'none' : 'a probability');
    return [
      request(before, after),
      policies(before, after),
      sameFact('model', before.model, after.model),
      sameFact('task', before.task, after.task),
      sameFact('label', before.label, after.label),
      sameFact('cut-off column', before.cutoff.column, after.cutoff.column),
      sameFact('input', before.input.name, after.input.name),
      sameFact('output', before.output.name, after.output.name),
      sameFact('what decides', threshold(before), threshold(after)),
      ...notices(before, after),
    ];
  },
};
