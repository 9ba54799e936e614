/** All rows are of one day, so that nothing can be resampled. No fault of the candidate: its gate cannot tell, and does not fail. */
export class TooFewDays extends RangeError {
  constructor() {
    super(
      'All test rows are of one day, and days are what is resampled: wait for more labelled rows, or widen split.test.',
    );
    this.name = 'TooFewDays';
  }
}
