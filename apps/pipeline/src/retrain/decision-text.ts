import { markdownText } from '@repo/contract/markdown-text';
import type { RetrainDecision } from '@repo/monitoring/decide-retrain';
import type { RunClaim } from '@repo/monitoring/retrain-run';

const firstWords = {
  run: 'is trained again',
  nothing: 'is not trained again: no trigger fired',
  wait: 'is not trained again yet',
  running: 'is being trained again already',
  guarded: 'may not be trained again',
} as const;

/** What was decided, as lines for people. */
export function decisionText(
  model: string,
  { state, reasons, guards, wait, window, resumes }: RetrainDecision,
): string {
  const lines = [
    `${model} ${firstWords[state]}.`,
    ...reasons.map(({ trigger, text }) => `  ${trigger}: ${text}`),
    ...guards.map(({ guard, text }) => `  guard ${guard}: ${text}`),
    ...(wait === null ? [] : [`  ${wait}`]),
    ...(resumes === null ? [] : [`  goes on with run ${resumes}`]),
    ...(window === null
      ? []
      : [
          `  learns from ${window.train.join(' to ')}, tunes on ${window.validate.join(' to ')}, is tested on ${window.test.join(' to ')}`,
        ]),
  ];
  return lines.join('\n');
}

/** Why a run was made, for the head of its pull request: Markdown in which no text of others does anything. */
export function whyText({ number, by, reasons, window }: RunClaim): string {
  const days = `It learned from ${window.train.join(' to ')}, was tuned on ${window.validate.join(' to ')} and tested on ${window.test.join(' to ')}: days from which neither model learned.`;
  const list = reasons.map((reason) => `- ${markdownText(reason, 1000)}`);
  return `Retrained by run ${number} (${markdownText(by, 200)}), because:\n\n${list.join('\n')}\n\n${days}\n`;
}
