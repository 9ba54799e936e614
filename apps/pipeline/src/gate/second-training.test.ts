import { digestOf } from '@repo/contract/canonical-json';
import type { Lineage } from '@repo/contract/manifest';
import { expect, test } from 'vitest';
import type { Context } from '../context.ts';
import lateOrder from '../fixtures/workspace/models/late-order/model.ts';
import { secondTraining } from './second-training.ts';

test('a candidate that was made from something else than the checkout is not trained again', async () => {
  const digest = digestOf('any');
  const checkout: Lineage = { schemaVersion: 1, definition: digest, data: {}, views: {}, trainer: digest };
  const other = { ...checkout, trainer: digestOf('other') };
  await expect(secondTraining({} as Context, lateOrder, other, checkout)).rejects.toThrow(
    'the candidate was made from something else than this checkout',
  );
});
