import type { ScoredPrediction } from '@repo/experiments/score-again';
import { z } from 'zod';
import type { Cluster } from '../cluster/cluster.ts';
import type { ReleasePod } from '../cluster/release-pods.ts';

/** A prediction as the log has it, as far as it is scored again. */
export interface LoggedPrediction extends ScoredPrediction {
  /** Digest of the bundle that is said to have answered. */
  readonly digest: string;
}

const pageSchema = z.object({ next: z.string(), events: z.array(z.unknown()) });
const eventSchema = z.object({
  kind: z.literal('predict'),
  fallbacklevel: z.literal('champion'),
  subject: z.string(),
  modeldigest: z.string(),
  data: z.object({
    answer: z.object({
      probability: z.number().nullish(),
      prediction: z.number().nullish(),
      features: z.array(z.object({ name: z.string(), value: z.union([z.number(), z.string(), z.null()]) })),
    }),
  }),
});

/** Most pages of 1000 events of one pod at one look; a pod keeps no more. */
const mostPages = 10;

function toPrediction(model: string, event: unknown): LoggedPrediction[] {
  const { success, data: parsed } = eventSchema.safeParse(event);
  if (!success || parsed.subject.slice(0, parsed.subject.lastIndexOf('/')) !== model) return [];
  const { probability, prediction, features } = parsed.data.answer;
  return [{ digest: parsed.modeldigest, features, answer: probability ?? prediction ?? null }];
}

/**
 * The predictions that a pod keeps in memory and that its champion gave, oldest first. Throws Error with what the pod said when it does
 * not give them.
 */
export async function readPredictions(
  cluster: Cluster,
  pod: ReleasePod,
  { model, token }: { model: string; token: string },
): Promise<LoggedPrediction[]> {
  const found: LoggedPrediction[] = [];
  let after = '';
  for (let page = 0; page < mostPages; page++) {
    // The proxy of an API server keeps Authorization for itself.
    const headers = { 'x-admin-token': token };
    const { status, text } = await cluster.getFromPod(pod, `/predictions?after=${encodeURIComponent(after)}`, headers);
    if (status !== 200) throw new Error(`pod ${pod.name} answered ${status}: ${text.slice(0, 200)}`);
    const { events, next } = pageSchema.parse(JSON.parse(text));
    found.push(...events.flatMap((event) => toPrediction(model, event)));
    if (events.length === 0) break;
    after = next;
  }
  return found;
}
