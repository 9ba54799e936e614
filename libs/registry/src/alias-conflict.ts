import type { MovableAlias } from './alias.ts';

/** Somebody else moved the alias first. Nothing was changed; decide again from `current`. */
export class AliasConflict extends Error {
  readonly model: string;
  readonly alias: MovableAlias;
  /** The version that the caller took for the current one; null for none. */
  readonly expected: number | null;
  /** The version that the alias points at; null for none. */
  readonly current: number | null;

  constructor(model: string, alias: MovableAlias, expected: number | null, current: number | null) {
    super(
      `${alias} of ${model}: received expected version ${expected ?? 'none'}; the current one is ${current ?? 'none'}; decide again from that`,
    );
    this.name = 'AliasConflict';
    this.model = model;
    this.alias = alias;
    this.expected = expected;
    this.current = current;
  }
}
