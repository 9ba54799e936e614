import type { Defect } from './defect.ts';
import { dataDefects } from './defects/data-defects.ts';
import { fileDefects } from './defects/file-defects.ts';
import { honest } from './defects/honest.ts';
import { promiseDefects } from './defects/promise-defects.ts';
import { trainingDefects } from './defects/training-defects.ts';
import { treeDefects } from './defects/tree-defects.ts';

/** Every row of the matrix, in the order of the page. */
export const allDefects: readonly Defect[] = [
  ...honest,
  ...dataDefects,
  ...trainingDefects,
  ...treeDefects,
  ...fileDefects,
  ...promiseDefects,
];
