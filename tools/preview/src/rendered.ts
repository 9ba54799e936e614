import type { DeclaredResource } from '@repo/components/policies/declared-resource';

/** A resource that the program registered, with what the engine was asked to do about it. */
export interface RenderedResource extends DeclaredResource {
  readonly urn: string;
  /** Those that differ from what Pulumi does unasked, such as `{ protect: true }`. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** What a program asked a provider while it ran. */
export interface RenderedInvoke {
  readonly token: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** All that a program declared for a stack. */
export interface Rendered {
  readonly program: string;
  readonly stack: string;
  /** In the order of their keys, which does not depend on which promise was kept first. */
  readonly resources: readonly RenderedResource[];
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Names of the outputs that are secrets or hold one. */
  readonly secretOutputs: readonly string[];
  readonly invokes: readonly RenderedInvoke[];
}
