import { matchesGlob } from 'node:path';
import { markdownText } from '@repo/contract/markdown-text';

/** What decides about a model or the infrastructure besides these: who changes it changes by what the change itself is judged. CODEOWNERS names the same. */
export const deciding: readonly string[] = [
  '.github/**',
  'apps/pipeline/**',
  'infra/components/src/policies/**',
  'libs/contract/src/*gate-*.ts',
  'libs/contract/src/*release-*.ts',
  'libs/contract/src/preview-report.ts',
  'libs/contract/src/*retraining-*.ts',
  'libs/experiments/**',
  'libs/gates/**',
  'libs/registry/**',
  'libs/stats/**',
  // What serves, on which days it was tested, and who is asked what in an experiment.
  'models/*/*.json',
  // Limits, floors and waivers stand there.
  'models/*/model.ts',
  'models/*/release/**',
  'nx.json',
  'package-lock.json',
  'package.json',
  'test/sabotage/**',
  'tools/nx/**',
  'tools/preview/**',
];
const mostNamed = 20;

/** Which of some paths decide about models. */
export const decidingFiles = (paths: readonly string[]): string[] =>
  paths.filter((path) => deciding.some((glob) => matchesGlob(path, glob)));

/** A paragraph of Markdown that says so, whatever a report made by the pull request's own code says; empty where there is none. */
export function decidingNote(paths: readonly string[]): string {
  const found = decidingFiles(paths);
  if (found.length === 0) return '';
  const named = found.slice(0, mostNamed).map((path) => markdownText(path, 200));
  const more = found.length > mostNamed ? [`${found.length - mostNamed} more`] : [];
  return `⚠️ This pull request changes by what it is judged, so look at it first: ${[...named, ...more].join(', ')}.\n`;
}
