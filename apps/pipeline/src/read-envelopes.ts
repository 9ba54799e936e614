import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gateReportProblems } from '@repo/contract/gate-report-problems';
import { InputError, type Problem, show } from '@repo/contract/input-error';
import { parseOrThrow } from '@repo/contract/parse';
import { readUntrustedJson } from './read-untrusted-json.ts';
import { type Envelope, envelopeFile, envelopeSchema } from './report-envelope.ts';

/** A report of 18 gates takes some 100 KiB; what is larger than this was not made by a run. */
const mostBytes = 4 * 2 ** 20;
const mostEnvelopes = 100;

const action = 'leave it alone: the run of the pull request did not make this';
const refuse = (path: string, received: string, allowed: string): InputError =>
  new InputError({ path, received, allowed, action });

/** A report under another model's name, or one that contradicts itself. */
function forgeries(path: string, { models }: Envelope): Problem[] {
  return models.flatMap((entry, i) => {
    if (!('report' in entry)) return [];
    const at = `${path}.models[${i}]`;
    const { model, report } = entry;
    const action = 'leave it alone: no run makes this';
    const named: Problem[] =
      report.model === model
        ? []
        : [{ path: `${at}.report.model`, received: show(report.model), allowed: show(model), action }];
    return [...named, ...gateReportProblems(report).map((problem) => ({ ...problem, path: `${at}: ${problem.path}` }))];
  });
}

async function readEnvelope(path: string): Promise<Envelope> {
  const envelope = parseOrThrow(envelopeSchema, await readUntrustedJson(path, { mostBytes, action }), path);
  const problems = forgeries(path, envelope);
  if (problems.length > 0) throw new InputError(problems);
  return envelope;
}

/** Paths of the envelopes in a folder of artifacts: its own, and those of the folders in it, one an artifact. */
async function pathsIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw refuse(folder, `no readable folder (${error.code})`, 'a folder of artifacts');
  });
  const paths = entries.some(({ name }) => name === envelopeFile) ? [join(folder, envelopeFile)] : [];
  for (const entry of entries.filter((one) => one.isDirectory())) {
    const inside = await readdir(join(folder, entry.name));
    if (inside.includes(envelopeFile)) paths.push(join(folder, entry.name, envelopeFile));
  }
  if (paths.length > mostEnvelopes) throw refuse(folder, `${paths.length} envelopes`, `at most ${mostEnvelopes}`);
  return paths.sort();
}

/**
 * Reads the envelopes of a run, untrusted: one file, or a folder of artifacts, which may hold none. Each is a regular file of at most 4 MiB,
 * of the schema's form, with whole reports under their own names. Throws InputError for anything else.
 */
export async function readEnvelopes(path: string): Promise<Envelope[]> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => !path.endsWith('.json'),
  );
  const envelopes: Envelope[] = [];
  for (const file of isFolder ? await pathsIn(path) : [path]) envelopes.push(await readEnvelope(file));
  return envelopes;
}
