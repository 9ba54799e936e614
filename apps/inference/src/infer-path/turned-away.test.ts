import { setImmediate } from 'node:timers/promises';
import { metrics as rows } from '@repo/contract/metric';
import { ServiceError } from '@repo/contract/service-error';
import { createMetrics } from '@repo/telemetry/metrics';
import { expect, test } from 'vitest';
import { createEndOfTurn } from './end-of-turn.ts';
import { createTurnedAway } from './turned-away.ts';

const error = new ServiceError('queue_full', { path: 'model tides', received: 'a queue', retryAfterSeconds: 7 });
const refusal = { error, model: { name: 'tides', version: '3' }, retryAfterSeconds: () => 7 };

test('whoever asks at the same path in the same turn is refused too, and nobody else', async () => {
  const turnedAway = createTurnedAway(createMetrics(rows), createEndOfTurn());
  turnedAway.remember('/v2/models/tides/infer', refusal);
  expect(turnedAway.at('/v2/models/tides/infer')).toBeDefined();
  expect(turnedAway.at('/v2/models/waves/infer')).toBeUndefined();
  await setImmediate();
  expect(turnedAway.at('/v2/models/tides/infer'), 'in the next turn there may be room').toBeUndefined();
});
