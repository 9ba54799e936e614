/**
 * Who answers when the champion cannot, the best first: the champion before it, the small model on features that a request carries itself,
 * the mean of the label in training.
 */
export const Fallback = { previous: 'previous', compact: 'compact', prior: 'prior' } as const;
export type Fallback = (typeof Fallback)[keyof typeof Fallback];

/** Who answered a prediction. */
export const FallbackLevel = { champion: 'champion', ...Fallback } as const;
export type FallbackLevel = (typeof FallbackLevel)[keyof typeof FallbackLevel];

/** What becomes of a category that the model was not trained on: answered as missing, answered by the next level, refused. */
export const UnknownPolicy = { flag: 'flag', fallback: 'fallback', reject: 'reject' } as const;
export type UnknownPolicy = (typeof UnknownPolicy)[keyof typeof UnknownPolicy];

/** What becomes of an outlier: answered as it is, answered with its values drawn into the range of training, by the next level, refused. */
export const OutlierPolicy = { flag: 'flag', clamp: 'clamp', fallback: 'fallback', reject: 'reject' } as const;
export type OutlierPolicy = (typeof OutlierPolicy)[keyof typeof OutlierPolicy];
