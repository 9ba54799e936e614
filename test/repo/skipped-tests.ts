import { codeOf } from './imports.ts';
import { type Rule, sourcesOf } from './workspace.ts';

const left = /\b(?:test|it|describe|suite|bench)(?:\.\w+)*\.(?:skip|only|todo|fails)\b/;

/** Every test runs: none is skipped, focused or left for later. A condition on a missing tool is `skipIf`. */
export const skippedTests: Rule = {
  name: 'skipped-tests',
  check: (workspace) =>
    sourcesOf(workspace)
      .filter((file) => left.test(codeOf(workspace.text(file))))
      .map((file) => `${file}: a test is skipped or focused; let it run or delete it`),
};
