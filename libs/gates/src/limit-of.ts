import { type GateLimitName, gateLimits } from '@repo/contract/gate-limit';
import type { Limit } from './decide.ts';
import type { Evidence } from './evidence.ts';

/** A limit as the definition sets it, or its default. */
export function limitOf({ model }: Pick<Evidence, 'model'>, name: GateLimitName): Limit {
  const { good, at } = gateLimits[name];
  return { good, at: model.gates.limits[name]?.at ?? at };
}
