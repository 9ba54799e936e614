import { z } from 'zod';
import type { LoggedFeature } from './score-again.ts';
import { adminToken } from './start-service.ts';

/** An answer as the service remembers it. */
export interface LoggedAnswer {
  readonly probability: number;
  readonly features: readonly LoggedFeature[];
}

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
export function createPredictionReader(adminPort: number): () => Promise<LoggedAnswer[]> {
  let after = '';
  return async () => {
    const found: LoggedAnswer[] = [];
    for (;;) {
      const url = `http://127.0.0.1:${adminPort}/predictions?after=${encodeURIComponent(after)}`;
      const answer = await fetch(url, { headers: { 'x-admin-token': adminToken } });
      if (answer.status !== 200) throw new Error(`/predictions answered ${answer.status}`);
      const { events, next } = pageSchema.parse(await answer.json());
      if (events.length === 0) return found;
      after = next;
      for (const { fallbacklevel, data } of events) if (fallbacklevel === 'champion') found.push(data.answer);
    }
  };
}
