/** Windows under this many rows get no verdict. */
export const fewestRowsForVerdict = 200;
