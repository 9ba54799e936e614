import { plainText } from '@repo/contract/plain-text';
import { type PreviewReport, previewPasses } from '@repo/contract/preview-report';
import type { CheckRun } from './check-run.ts';
import { previewSentence, renderPreview } from './render-preview.ts';

/** The check run about a preview: `failure` when a program could not be rendered or a policy found something that is not borne. */
export const previewCheckOf = (report: PreviewReport): CheckRun => ({
  conclusion: previewPasses(report) ? 'success' : 'failure',
  title: plainText(previewSentence(report), 255),
  summary: renderPreview(report, { maxChars: 60_000 }),
  annotations: [],
});
