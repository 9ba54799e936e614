import { InputError, show } from '@repo/contract/input-error';

/** Names that point at a version: what serves, what may serve next, and what served before the champion. */
export const Alias = { champion: 'champion', challenger: 'challenger', previous: 'previous' } as const;
export type Alias = (typeof Alias)[keyof typeof Alias];

/** The aliases that can be set; `previous` follows from setting `champion`. */
export type MovableAlias = Exclude<Alias, 'previous'>;

/** Checks the name of an alias; throws InputError for any other name. */
export function checkAlias(alias: unknown): asserts alias is Alias {
  if (Object.values(Alias).some((known) => known === alias)) return;
  throw new InputError({
    path: 'alias',
    received: show(alias),
    allowed: Object.values(Alias).join(', '),
    action: 'correct the name',
  });
}
