import type { ScoredPrediction } from '@repo/experiments/score-again';
import { z } from 'zod';
import { adminToken } from './start-service.ts';

const feature = z.object({ name: z.string(), value: z.union([z.number(), z.string(), z.null()]) });
const pageSchema = z.object({
  next: z.string(),
  events: z.array(
    z.object({
      fallbacklevel: z.string(),
      data: z.object({ answer: z.object({ probability: z.number(), features: z.array(feature) }) }),
    }),
  ),
});

/** Reads what a service has answered since the last time, by its admin port: each call goes on where the one before ended. */
export function createPredictionReader(adminPort: number): () => Promise<ScoredPrediction[]> {
  let after = '';
  return async () => {
    const found: ScoredPrediction[] = [];
    for (;;) {
      const url = `http://127.0.0.1:${adminPort}/predictions?after=${encodeURIComponent(after)}`;
      const answer = await fetch(url, { headers: { 'x-admin-token': adminToken } });
      if (answer.status !== 200) throw new Error(`/predictions answered ${answer.status}`);
      const { events, next } = pageSchema.parse(await answer.json());
      if (events.length === 0) return found;
      after = next;
      for (const { fallbacklevel, data } of events)
        if (fallbacklevel === 'champion')
          found.push({ answer: data.answer.probability, features: data.answer.features });
    }
  };
}
