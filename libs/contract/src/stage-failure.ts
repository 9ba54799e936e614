/**
 * A stage ran and its verdict is no: broken data, a trainer that failed, a model that does not do what its trainer said.
 * Commands print the message and exit with 1; nothing that the stage was about to publish is left behind.
 */
export class StageFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StageFailure';
  }
}
