/** Kind of answer, from the type of the label column. */
export const Task = { binary: 'binary', regression: 'regression' } as const;
export type Task = (typeof Task)[keyof typeof Task];
