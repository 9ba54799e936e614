/** A view as a release or a definition names it. */
export interface NamedView {
  name: string;
  version: number;
  digest: string;
}

/**
 * Views that a committed release pins under a name and version whose definition has changed since: offline and online values would no
 * longer be those that the model was trained on. A view under a new version, or gone from the model, is no breach.
 */
export function changedViews(release: string, released: readonly NamedView[], current: readonly NamedView[]): string[] {
  return released.flatMap(({ name, version, digest }) => {
    const now = current.find((view) => view.name === name && view.version === version);
    if (now === undefined || now.digest === digest) return [];
    return [`${release}: view ${name}@${version} has changed since; give it version ${version + 1} or undo the change`];
  });
}
