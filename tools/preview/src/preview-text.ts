import type { PreviewReport } from '@repo/contract/preview-report';
import { changeCounts, changeLines, previewSentence } from '@repo/gates/report/render-preview';

function programText(one: PreviewReport['programs'][number]): string[] {
  const title = `${one.program} on ${one.stack}`;
  if ('problem' in one) return [`${title}: could not be rendered`, one.problem];
  return [
    `${title}: ${one.resources} resources, ${changeCounts(one.changes)}`,
    ...one.changes.flatMap(changeLines),
    ...(one.leftOut === 0 ? [] : [`${one.leftOut} more left out`]),
    ...one.violations.map(({ policy, resource, problem }) => `fail: ${policy}: ${resource} ${problem}`),
    ...one.borne.map(
      ({ policy, resource, reason, until }) => `borne until ${until}: ${policy}: ${resource} (${reason})`,
    ),
  ];
}

/** A preview for a terminal or a log: every change, then what the policies found, and the verdict last. */
export function previewText(report: PreviewReport): string {
  const problem = report.base?.problem ?? null;
  const base = problem === null ? [] : [`${report.base?.commit} could not be rendered: ${problem}`, ''];
  const lines = report.programs.flatMap((one) => [...programText(one), '']);
  return `${[...base, ...lines, previewSentence(report)].join('\n')}\n`;
}
