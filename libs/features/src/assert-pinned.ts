import { InputError } from '@repo/contract/input-error';
import type { ViewSpec } from '@repo/contract/view';

/** A view as it is pinned: in a committed contract, or in today's catalogue. */
export interface PinnedView {
  readonly spec: Pick<ViewSpec, 'name' | 'version'>;
  readonly digest: string;
}

/**
 * Throws InputError when a view of the catalogue has the name and version of a committed one but another digest: its values changed
 * without a new version. A view that is new, gone or of another version passes.
 */
export function assertPinned(committed: readonly PinnedView[], current: readonly PinnedView[]): void {
  const problems = current.flatMap(({ spec, digest }) => {
    const pinned = committed.find((view) => view.spec.name === spec.name && view.spec.version === spec.version);
    if (pinned === undefined || pinned.digest === digest) return [];
    return {
      path: `view ${spec.name}`,
      received: `another definition under version ${spec.version}, ${digest}`,
      allowed: pinned.digest,
      action: `set version to ${spec.version + 1}, or undo the change`,
    };
  });
  if (problems.length > 0) throw new InputError(problems);
}
