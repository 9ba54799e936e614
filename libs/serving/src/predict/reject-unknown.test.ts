import { expect, test } from 'vitest';
import { exampleContract } from '../fixtures/example-bundle.ts';
import { rejectUnknown } from './reject-unknown.ts';
import type { Row } from './row.ts';

const contract = exampleContract('example');
const features = contract.features.map((feature) => ({
  name: feature.name,
  value: 'XXX',
  code: 0,
  status: 'ok' as const,
}));
const rowWith = (...reasons: string[]): Row => ({
  features,
  reasons,
  cutoff: '',
  featuresAsOf: '',
  storeAnswered: true,
});

test('a row without an unknown category passes', () => {
  expect(() => rejectUnknown(contract, rowWith('missing:seats', 'stale:carrier_temp'))).not.toThrow();
});

test('every unknown category is named with the known ones, at most eight of them', () => {
  const categories = Array.from({ length: 100 }, (_, i) => `C${i}`);
  const many = contract.features.map((feature) => (feature.name === 'hour' ? { ...feature, categories } : feature));
  const row = rowWith('unknown_category:dest', 'missing:seats', 'unknown_category:hour');
  const message = [
    'request.dest: received "XXX"; allowed: ATL, IAH, LAX; check the values; if they are right, the model needs to learn them first',
    'request.hour: received "XXX"; allowed: C0, C1, C2, C3, C4, C5, C6, C7 and 92 more; check the values; if they are right, the model needs to learn them first',
  ].join('\n');
  expect(() => rejectUnknown({ ...contract, features: many }, row)).toThrow(
    expect.objectContaining({ code: 'rejected_input', message }),
  );
});
