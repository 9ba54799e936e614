import { mkdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { canonicalJson } from '@repo/contract/canonical-json';
import { gateReportSchema } from '@repo/contract/gate-report';
import { InputError } from '@repo/contract/input-error';
import { nameSchema } from '@repo/contract/name';
import { parseOrThrow } from '@repo/contract/parse';
import { type PreviewReport, previewReportSchema } from '@repo/contract/preview-report';
import writeFileAtomic from 'write-file-atomic';
import type { Context } from './context.ts';
import type { Outcome } from './outcome.ts';
import { type Envelope, type EnvelopeModel, envelopeFile, envelopeSchema } from './report-envelope.ts';
import { loadModel, type Workspace } from './workspace.ts';

export interface EnvelopeOptions {
  /** Models that the run was to judge. */
  models: readonly string[];
  headSha: string;
  pullRequest: number | null;
}

/** Why a model has no report: what is wrong with its definition, else what the run's log tells. */
async function problemOf(workspace: Workspace, model: string, path: string): Promise<string> {
  try {
    await loadModel(workspace, model);
    return `${path} is not there, or is no report: the log of the run says why its gates did not come to an end`;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.message.slice(0, 4000);
  }
}

async function entryOf(workspace: Workspace, model: string): Promise<EnvelopeModel> {
  const path = join(workspace.stageDir(model, 'gate'), 'report.json');
  try {
    const report = gateReportSchema.parse(JSON.parse(await readFile(path, 'utf8')));
    if (report.model === model) return { model, report };
  } catch {
    // A report that cannot be read is none; what is wrong with the model is told instead.
  }
  return { model, problem: await problemOf(workspace, model, `.causeway/stages/${model}/gate/report.json`) };
}

async function writeEnvelope(folder: string, envelope: Envelope, found: readonly string[]): Promise<Outcome> {
  parseOrThrow(envelopeSchema, envelope, envelopeFile);
  const path = join(folder, envelopeFile);
  await mkdir(folder, { recursive: true });
  await writeFileAtomic(path, canonicalJson(envelope));
  return { exitCode: 0, json: { path, found }, text: [path, ...found].join('\n') };
}

/**
 * Writes `<folder>/envelope.json` with what the gate stages of the models found, for a run that may write to read. A model without a report
 * stands there with the reason, as one whose model.ts is broken does. Throws InputError for names that are none.
 */
export async function makeEnvelope({ workspace }: Context, folder: string, options: EnvelopeOptions): Promise<Outcome> {
  const { headSha, pullRequest } = options;
  const models: EnvelopeModel[] = [];
  for (const name of options.models) models.push(await entryOf(workspace, parseOrThrow(nameSchema, name, '--make')));
  const found = models.map(
    (entry) => `${entry.model}: ${'report' in entry ? 'report' : `no report: ${entry.problem}`}`,
  );
  return writeEnvelope(folder, { schemaVersion: 1, headSha, pullRequest, models }, found);
}

/** What `npm run render` left; where it left nothing that can be read, a report that says so and lets nothing pass. */
async function readPreview(path: string): Promise<PreviewReport> {
  try {
    return previewReportSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    const problem = `${basename(path)} is not there, or is no preview: the log of the run says why nothing was rendered`;
    return { schemaVersion: 1, base: null, programs: [{ program: 'infra', stack: 'all', problem }] };
  }
}

/** Writes `<folder>/envelope.json` with the preview.json at `path`, for a run that may write to read. */
export async function makePreviewEnvelope(
  folder: string,
  path: string,
  { headSha, pullRequest }: Omit<EnvelopeOptions, 'models'>,
): Promise<Outcome> {
  const preview = await readPreview(path);
  const found = preview.programs.map(
    (one) => `${one.program} on ${one.stack}: ${'problem' in one ? one.problem : `${one.violations.length} findings`}`,
  );
  return writeEnvelope(folder, { schemaVersion: 1, headSha, pullRequest, models: [], preview }, found);
}
