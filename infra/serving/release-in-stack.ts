import type { ModelFacts } from '@repo/components/model-facts';
import { releasePolicySchema } from '@repo/contract/release-policy';

/** What a stack may say differently of the releases of all models. */
export interface StackRelease {
  readonly steps?: readonly number[] | undefined;
  readonly look?: string | undefined;
  readonly deadline?: string | undefined;
}

/** A model as it is released in a stack: by its definition, but for what the stack says. */
export function releaseInStack<T extends ModelFacts>(model: T, different: StackRelease): T {
  const said = Object.fromEntries(Object.entries(different).filter(([, value]) => value !== undefined));
  return { ...model, release: releasePolicySchema.parse({ ...model.release, ...said }) };
}
