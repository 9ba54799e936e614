import { markdownText } from '@repo/contract/markdown-text';
import { plainText } from '@repo/contract/plain-text';
import {
  type PreviewReport,
  previewPasses,
  type RenderedProgram,
  type ResourceChange,
} from '@repo/contract/preview-report';
import { fitSections } from './fit-sections.ts';
import { code, markdownTable } from './markdown-table.ts';
import { outcomeLooks } from './outcome-look.ts';
import type { MarkdownOptions } from './render-markdown.ts';

type ProgramReport = PreviewReport['programs'][number];

const signs = { added: '+', removed: '-', changed: '!' } as const;
const mostLineChars = 300;
const fence = '`````';

/** `3 resources added, 1 changed`, or that there is nothing. */
export function changeCounts(changes: readonly ResourceChange[]): string {
  const counts = (['added', 'changed', 'removed'] as const)
    .map((kind) => [changes.filter((one) => one.kind === kind).length, kind] as const)
    .filter(([count]) => count > 0);
  return counts.length === 0 ? 'no change' : counts.map(([count, kind]) => `${count} ${kind}`).join(', ');
}

/** One line each; no line can end the block, since none begins with a fence of that length. */
export function changeLines({ kind, resource, properties }: ResourceChange): string[] {
  const line = (sign: string, text: string) => `${sign} ${plainText(text, mostLineChars).replaceAll('`````', "'''''")}`;
  return [
    line(signs[kind], resource),
    ...properties.flatMap(({ path, before, after }) => [
      ...(before === null ? [] : [line('-', `  ${path}: ${before}`).replace('- ', '-   ')]),
      ...(after === null ? [] : [line('+', `  ${path}: ${after}`).replace('+ ', '+   ')]),
    ]),
  ];
}

const titleOf = ({ program, stack }: ProgramReport): string => `\`${program}\` on \`${stack}\``;

function findingsTable({ violations, borne }: RenderedProgram, maxBytes: number): string | null {
  if (violations.length + borne.length === 0) return '';
  const { emoji, word } = outcomeLooks.fail;
  const rows = [
    ...violations.map(({ policy, resource, problem }) => [`${emoji} ${word}`, code(policy), resource, problem]),
    ...borne.map(({ policy, resource, reason, until }) => [`borne until ${until}`, code(policy), resource, reason]),
  ];
  return markdownTable(['', 'policy', 'resource', 'finding'], rows, { maxBytes });
}

function diffBlock({ changes, leftOut }: RenderedProgram, maxBytes: number): string | null {
  if (changes.length === 0) return '';
  const lines: string[] = [];
  let room = maxBytes - 300;
  const all = changes.flatMap(changeLines);
  for (const line of all) {
    room -= Buffer.byteLength(line) + 1;
    if (room < 0) break;
    lines.push(line);
  }
  if (lines.length === 0) return null;
  const missing = all.length - lines.length + leftOut;
  const note = missing === 0 ? '' : `\n${missing} more lines: \`npm run render\` shows them all.\n`;
  return `<details><summary>${changeCounts(changes)}</summary>\n\n${fence}diff\n${lines.join('\n')}\n${fence}\n${note}\n</details>`;
}

function sectionsOf(report: ProgramReport): { priority: number; render(maxBytes: number): string | null }[] {
  const head = `#### ${titleOf(report)}`;
  if ('problem' in report) {
    const text = markdownText(report.problem, 1500);
    return [{ priority: 0, render: () => `${head}\n\n${outcomeLooks.fail.emoji} could not be rendered: ${text}` }];
  }
  const { resources, changes } = report;
  const summary = `${head}\n\n${resources} resources, ${changeCounts(changes)}.`;
  const within = (text: string, maxBytes: number) => (Buffer.byteLength(text) <= maxBytes ? text : null);
  return [
    { priority: 1, render: (maxBytes) => within(summary, maxBytes) },
    { priority: 2, render: (maxBytes) => findingsTable(report, Math.min(maxBytes, 8000)) },
    { priority: 3, render: (maxBytes) => diffBlock(report, Math.min(maxBytes, 12_000)) },
  ];
}

/** The whole in a sentence: what came of it, and why. */
export function previewSentence(report: PreviewReport): string {
  const violations = report.programs.reduce((sum, one) => sum + ('problem' in one ? 0 : one.violations.length), 0);
  const failed = report.programs.filter((one) => 'problem' in one).length;
  const count = (n: number, what: string) => (n === 1 ? `1 ${what}` : `${n} ${what}s`);
  if (failed > 0) return `${count(failed, 'rendering')} failed, ${count(violations, 'finding')} of policies`;
  return `${count(report.programs.length, 'rendering')}, ${count(violations, 'finding')} of policies`;
}

/**
 * What a pull request changes in the infrastructure, as Markdown in at most `maxChars` (default 30,000) bytes of UTF-8: a verdict, then for each program
 * and stack its counts, the findings of the policies and a diff that opens on a click. Findings come before diffs where room is short. Every text is
 * taken for one from outside and made inert.
 */
export function renderPreview(report: PreviewReport, { maxChars = 30_000 }: MarkdownOptions = {}): string {
  const { emoji, word } = previewPasses(report) ? outcomeLooks.pass : outcomeLooks.fail;
  const against = report.base === null ? '' : ` against ${markdownText(report.base.commit, 100)}`;
  const problem = report.base?.problem ?? null;
  const base =
    problem === null
      ? ''
      : `\n\nThat commit could not be rendered, so that all is shown as added: ${markdownText(problem, 1000)}`;
  const first = `### Infrastructure\n\n${emoji} **${word}**: ${previewSentence(report)}${against}. Rendered without a cloud.${base}`;
  const rest = fitSections(report.programs.flatMap(sectionsOf), maxChars - Buffer.byteLength(first) - 4);
  return `${first}\n\n${rest}\n`;
}
