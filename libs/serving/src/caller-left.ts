/** Rejection of a job whose caller has left: there is nobody to answer, so it is no error of the catalogue. */
export class CallerLeft extends Error {
  constructor() {
    super('the caller has left');
    this.name = 'CallerLeft';
  }
}
