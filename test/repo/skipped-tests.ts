import { codeOf } from './imports.ts';
import { isTest, type Rule, sourcesOf } from './workspace.ts';

const left =
  /\b(?:test|it|describe|suite|bench)(?:\.\w+)*\.(?:(?:skip|only|todo|fails)\b|skipIf\(true\)|runIf\(false\))/;
/** The same said by an option, or from within a test without a condition. */
const leftInside = /\b(?:skip|only|todo|fails): *true\b|\bskip\(\)/;

/** Every test runs: none is skipped, focused or left for later. A condition on a missing tool is `skipIf`. */
export const skippedTests: Rule = {
  name: 'skipped-tests',
  check: (workspace) =>
    sourcesOf(workspace)
      .filter((file) => {
        const code = codeOf(workspace.text(file));
        return left.test(code) || (isTest(file) && leftInside.test(code));
      })
      .map((file) => `${file}: a test is skipped or focused; let it run or delete it`),
};
