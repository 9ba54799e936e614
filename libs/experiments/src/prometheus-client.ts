import { z } from 'zod';

/** One series of an answer at one moment. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  /** NaN and infinities as Prometheus says them. */
  readonly value: number;
}

/** Evaluates a query at a moment (seconds since 1970). Rejects with PrometheusError when there is no answer to be had. */
export type PrometheusQuery = (query: string, atS: number) => Promise<readonly Sample[]>;

/** Why Prometheus did not answer a query. */
export class PrometheusError extends Error {}

const answerSchema = z.object({
  status: z.literal('success'),
  data: z.object({
    resultType: z.literal('vector'),
    result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) })),
  }),
});

const numberOf = (text: string): number =>
  text === '+Inf' ? Number.POSITIVE_INFINITY : text === '-Inf' ? Number.NEGATIVE_INFINITY : Number(text);

function read(text: string, status: number): Sample[] {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new PrometheusError(`answered ${status} with text that is not JSON`);
  }
  const parsed = answerSchema.safeParse(body);
  if (!parsed.success) {
    const said = (body as { error?: unknown } | null)?.error ?? 'an answer of another form';
    throw new PrometheusError(`answered ${status}: ${String(said).slice(0, 300)}`);
  }
  return parsed.data.data.result.map(({ metric, value }) => ({ labels: metric, value: numberOf(value[1]) }));
}

/**
 * Asks the HTTP API of a Prometheus at `url` (with a path, where it has a prefix). Each query has `timeoutMs` (default 5000) for all of
 * its answer, and Prometheus is told to give up by then too.
 */
export function createPrometheusClient(url: string, timeoutMs = 5000): PrometheusQuery {
  const endpoint = new URL('api/v1/query', url.endsWith('/') ? url : `${url}/`);
  return async (query, atS) => {
    const body = new URLSearchParams({ query, time: String(atS), timeout: `${timeoutMs}ms` });
    try {
      const response = await fetch(endpoint, { method: 'POST', body, signal: AbortSignal.timeout(timeoutMs) });
      return read(await response.text(), response.status);
    } catch (error) {
      if (error instanceof PrometheusError) throw error;
      const { name, message, cause } = error as Error;
      const why = cause instanceof Error ? cause.message || String((cause as NodeJS.ErrnoException).code) : message;
      throw new PrometheusError(
        name === 'TimeoutError' ? `no answer within ${timeoutMs} ms` : `cannot be asked: ${why}`,
      );
    }
  };
}
