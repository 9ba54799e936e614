// budget: 1200 s
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allDefects } from '../sabotage/all-defects.ts';
import { expectedOf } from '../sabotage/defect.ts';
import { judgeDefect } from '../sabotage/judge-defect.ts';
import { createSabotageWorld, type SabotageWorld } from '../sabotage/sabotage-world.ts';

// The matrix of docs/sabotage.md on all flights and with the settings of flight-delay as they are; `npm test` has it on 20,000 flights.

let world: SabotageWorld;
const begun = performance.now();
const say = (text: string) => console.log(`${((performance.now() - begun) / 1000).toFixed(0).padStart(4)} s  ${text}`);
const listed = (gates: readonly string[]) => gates.join(', ') || 'none';

beforeAll(async () => {
  say('trains a champion and an honest candidate on all flights');
  world = await createSabotageWorld('full');
});
afterAll(() => world?.remove());

test.each(allDefects)('$name: exactly the gates fail that it is made for', async (defect) => {
  const expected = expectedOf(defect, 'full');
  const found = await judgeDefect(world, defect);
  const place = `${allDefects.indexOf(defect) + 1} of ${allDefects.length}`;
  say(`${place}  ${defect.name}: red ${listed(found.red)}; cannot tell ${listed(found.unsure)}`);
  expect(found).toEqual(expected);
});
