import type { TestSpecification } from 'vitest/node';
import { BaseSequencer } from 'vitest/node';

/** Files, or the beginnings of their paths, that take long by themselves, the longest first: begun last they would run alone at the end. */
export const longest: readonly string[] = [
  'test/sabotage/',
  'test/engine/programs.test.ts',
  'tools/preview/',
  'apps/pipeline/src/gate',
  'libs/serving/src/prediction-log/create-prediction-log.test.ts',
  'tools/nx/',
  'apps/pipeline/',
  'test/fuzz/',
  'test/contract/',
  'libs/registry/src/crash.test.ts',
  'libs/serving/src/prediction-log/kill.test.ts',
  'apps/inference/',
  'libs/serving/',
  'libs/training/',
];

/**
 * Runs long files first, whatever their project, so that no processor idles at the end. Left alone, vitest runs project after project by name. Files of
 * one project stay together otherwise, as the next may then run in the same process; among them those that took longest the last time come first.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const root = `${this.ctx.config.root}/`;
    const rank = ({ moduleId }: TestSpecification) => {
      const found = longest.findIndex((path) => moduleId.startsWith(root + path));
      return found < 0 ? longest.length : found;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}
