/** The file that a change begins from is another on the base branch by now. Nothing was changed; take it over, then decide again. */
export class BaseMoved extends Error {
  readonly path: string;
  readonly branch: string;

  constructor(path: string, branch: string) {
    super(
      `${path} on ${branch} is not the one of this checkout: somebody changed it meanwhile; pull, then decide again`,
    );
    this.name = 'BaseMoved';
    this.path = path;
    this.branch = branch;
  }
}
