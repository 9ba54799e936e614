import { afterAll, beforeAll, expect, test } from 'vitest';
import { championBytes, targetOf } from './champion-change.ts';
import { createPromotableWorkspace, type PromotableWorkspace, registryOf } from './fixtures/promotable-workspace.ts';
import { moveChampion } from './move-champion.ts';

const model = 'late-order';
let made: PromotableWorkspace;
beforeAll(async () => {
  made = await createPromotableWorkspace();
});
afterAll(() => made.workspace.remove());

test('a champion.json that changed since it was read stays, and nothing is left beside it or told the registry', async () => {
  const copy = made.workspace.copy();
  const registry = registryOf(copy);
  const modelDir = copy.path('models/late-order');
  const before = { version: 1, digest: made.digests[0] };
  const target = await targetOf(registry, modelDir, 2, await registry.openBundle(model, 2));
  const move = { model, modelDir, before, beforeBytes: championBytes(before), target };
  copy.write('models/late-order/champion.json', JSON.stringify({ version: 1, digest: made.digests[0] }, null, 2));
  const files = copy.filesIn('models');
  await expect(moveChampion(registry, move)).rejects.toThrow(/champion.json changed while this ran: .*decide again/);
  expect(copy.filesIn('models')).toEqual(files);
  expect(await registry.getAlias(model, 'champion')).toBe(1);
});
