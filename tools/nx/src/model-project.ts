import type { ProjectConfiguration, TargetConfiguration } from '@nx/devkit';
import { catalogueTest } from './catalogue-test.ts';
import { featureProjectName } from './feature-project.ts';
import { importClosure } from './import-closure.ts';
import { readsDatabase } from './reads-database.ts';
import { codeInputs, dataInputs, fileInput, modelStages, stageCommand, stageOutput, stageTarget } from './stage.ts';

const isView = (file: string): boolean => /^features\/[^/]+\/views\//.test(file);

/**
 * The project of `models/<name>` with the chain validate, features, train, gate. What the model uses of the catalogue is found by
 * following its relative imports, so that each stage reruns exactly when a file it reads has changed: validate reads sources and
 * data, features also reads views, train also reads whatever else lies in the model's folder, such as a trainer's program, and gate also
 * reads the champion that lies there.
 */
export function modelProject(workspaceRoot: string, name: string): ProjectConfiguration {
  const root = `models/${name}`;
  const files = importClosure(workspaceRoot, `${root}/model.ts`);
  const domains = [...new Set(files.map((file) => /^features\/([^/]+)\//.exec(file)?.[1]))].filter(
    (d) => d !== undefined,
  );
  const own: Record<string, string[]> = {
    validate: [...files.filter((file) => !isView(file)).map(fileInput), ...domains.flatMap(dataInputs)],
    features: files.filter(isView).map(fileInput),
    train: [fileInput(`${root}/**/*`)],
  };
  // What a release leaves in the folder is a product of training, not an input; the gates compare with it.
  const products = [`!{workspaceRoot}/${root}/release/**/*`, `!{workspaceRoot}/${root}/champion.json`];
  const targets: Record<string, TargetConfiguration> = catalogueTest(workspaceRoot, root);
  const libraries: string[] = [];
  const cache = !readsDatabase(workspaceRoot, files);
  let paths: string[] = [];
  let before: TargetConfiguration['dependsOn'] = domains.map((domain) => ({
    projects: [featureProjectName(domain)],
    target: 'ingest',
  }));
  for (const { verb, library } of modelStages) {
    libraries.push(library);
    paths = [...paths, ...(own[verb] ?? [])];
    const read = verb === 'gate' ? paths : [...paths, ...products];
    const inputs = [...read, ...codeInputs(workspaceRoot, libraries)];
    targets[verb] = stageTarget([stageCommand(verb, name)], inputs, [stageOutput(name, verb)], before, cache);
    before = [verb];
  }
  return { root, name, sourceRoot: root, tags: ['layer:models'], targets };
}
