import { monitoringPolicySchema } from '@repo/contract/monitoring-policy';
import { type PlantedChange, plantedDays, plantedWorld } from '@repo/monitoring/fixtures/planted-world';
import { expect, test } from 'vitest';
import { evaluateInput } from './monitor/evaluate-input.ts';

const world = plantedWorld(2, plantedDays(1, 60));
const profiles = new Map([['1', world.profile]]);
const model = { task: 'binary', features: [], monitoring: monitoringPolicySchema.parse(undefined) } as const;

const endOf = (day: number): number => world.window(day, {}).toUs;

/** What is found about drift on each of `changed` days that follow so many clean ones. */
function drifted(clean: number, changed: number, change: PlantedChange) {
  const windows = Array.from({ length: clean + changed }, (_, day) => world.window(day, day < clean ? {} : change));
  return Array.from({ length: changed }, (_, day) =>
    evaluateInput({ model, profiles, windows: windows.slice(0, clean + day + 1), endUs: endOf(clean + day) }).filter(
      ({ name, subject }) => name === 'psi' && subject === 'heat',
    ),
  ).flat();
}

test('a drift that lasts pages for two weeks from its second day on: it does not teach itself to the law of days', () => {
  const outcomes = drifted(28, 14, { shift: 1 }).map(({ outcome }) => outcome);
  expect(outcomes).toEqual(['warn', ...new Array<string>(13).fill('page')]);
});

test('before there are 14 days older than the newest 14, a drift warns and says why', () => {
  const [, second] = drifted(24, 2, { shift: 1 });
  expect(second).toMatchObject({ outcome: 'warn' });
  expect(second?.reason).toContain('With 12 days before the newest 14, days may differ as much anyway');
  expect(drifted(26, 2, { shift: 1 }).at(-1)).toMatchObject({ outcome: 'page' });
});
