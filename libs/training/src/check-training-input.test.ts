import { expect, test } from 'vitest';
import { checkTrainingInput } from './check-training-input.ts';
import { plantedMatrix } from './fixtures/planted-matrix.ts';

const train = plantedMatrix(20, 1);

test('matching matrices pass', () => {
  expect(() => checkTrainingInput(train, plantedMatrix(10, 2), 'binary')).not.toThrow();
});

test.each([
  ['no feature', { ...train, columns: [], featureNames: [] }, undefined, /^columns: received none/],
  ['a third label', { ...train, labels: train.labels.with(3, 2) }, undefined, /^train.labels: received 2 in row 3/],
  [
    'a label in validation',
    train,
    { ...train, labels: train.labels.with(0, 0.5) },
    /^valid.labels: received 0.5 in row 0/,
  ],
  [
    'other features',
    train,
    { ...train, featureNames: ['b', 'a', 'c', 'd'] },
    /^valid.featureNames: received \["b","a"/,
  ],
])('%s is refused, and named', (_, matrix, valid, message) => {
  expect(() => checkTrainingInput(matrix, valid, 'binary')).toThrow(message);
});

test('any number is a label for regression', () => {
  expect(() => checkTrainingInput(plantedMatrix(20, 1, 'number'), undefined, 'regression')).not.toThrow();
});
