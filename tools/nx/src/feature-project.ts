import { basename } from 'node:path';
import type { ProjectConfiguration } from '@nx/devkit';
import { catalogueTest } from './catalogue-test.ts';
import { importClosure } from './import-closure.ts';
import { readsDatabase } from './reads-database.ts';
import { codeInputs, dataInputs, fileInput, ingest, stageOutput, stageTarget } from './stage.ts';

/** Nx name of the folder `features/<domain>`. */
export const featureProjectName = (domain: string): string => `features-${domain}`;

/**
 * The project of `features/<domain>`. Each `*.ts` that lies directly in the folder, tests aside, is a source named like its file;
 * `ingest` snapshots them all. Without a source there is no `ingest`, without a test no `test`.
 * @param sources workspace-relative paths of those files.
 */
export function featureProject(
  workspaceRoot: string,
  domain: string,
  sources: readonly string[],
): ProjectConfiguration {
  const root = `features/${domain}`;
  const targets = catalogueTest(workspaceRoot, root);
  const project = { root, name: featureProjectName(domain), sourceRoot: root, tags: ['layer:features'], targets };
  if (sources.length === 0) return project;
  const names = sources.map((file) => basename(file, '.ts'));
  const files = new Set(sources.flatMap((file) => importClosure(workspaceRoot, file)));
  const target = stageTarget(
    names.map((name) => `causeway ingest ${name}`),
    [...[...files].sort().map(fileInput), ...dataInputs(domain), ...codeInputs(workspaceRoot, [ingest.library])],
    // Beside the snapshot lies what it was made from, by which later stages know it to be current.
    names.flatMap((name) => [stageOutput(name, 'ingest'), stageOutput(name, 'ingested.json')]),
    [],
    !readsDatabase(workspaceRoot, [...files]),
  );
  return { ...project, targets: { ...targets, ingest: target } };
}
