import { FallbackLevel } from '@repo/contract/serving-policy';

/** What is known of a row before any level is asked. */
export interface RowFacts {
  readonly storeAnswered: boolean;
  /** It holds a category that the model was not trained on, and the policy is `fallback`. */
  readonly avoidUnknown: boolean;
  /** It is an outlier, and the policy is `fallback`. */
  readonly avoidOutlier: boolean;
}

const readsEveryFeature: readonly FallbackLevel[] = [FallbackLevel.champion, FallbackLevel.previous];

/** Moves levels behind the others: they are a last resort, not forbidden, since a poor answer beats none. */
const postpone = (levels: readonly FallbackLevel[], last: readonly FallbackLevel[]): FallbackLevel[] => [
  ...levels.filter((level) => !last.includes(level)),
  ...levels.filter((level) => last.includes(level)),
];

/**
 * The order in which the levels of a chain are asked. Without the online store the compact model, which does not need it, comes first.
 * A category that the first level does not know, whose row it is, is one that the compact model of the same bundle does not know either; a
 * row that is strange as a whole is so for every model that reads all of it.
 */
export function planLevels(chain: readonly FallbackLevel[], facts: RowFacts): readonly FallbackLevel[] {
  let levels = chain;
  if (!facts.storeAnswered && chain.includes(FallbackLevel.compact))
    levels = postpone(
      levels,
      levels.filter((level) => level !== FallbackLevel.compact),
    );
  if (facts.avoidOutlier) levels = postpone(levels, readsEveryFeature);
  if (facts.avoidUnknown) levels = postpone(levels, [...chain.slice(0, 1), FallbackLevel.compact]);
  return levels;
}
