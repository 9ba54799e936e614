import { dirname } from 'node:path';
import type { CreateNodesV2, ProjectConfiguration } from '@nx/devkit';
import { featureProject } from './feature-project.ts';
import { modelProject } from './model-project.ts';
import { packageProject } from './package-project.ts';

const projectFiles =
  '{{apps,infra,libs,tools}/*/package.json,test/package.json,models/*/model.ts,features/*/*.ts,features/*/data/**/*}';
const isSource = (file: string): boolean => /^features\/[^/]+\/[^/]+(?<!\.test)\.ts$/.test(file);

/**
 * Infers every project and target of the workspace from where files lie. Files are read as text and never evaluated: a model or a
 * source that does not even parse keeps its targets, and only these fail.
 */
export const createNodesV2: CreateNodesV2 = [
  projectFiles,
  (files, _options, { workspaceRoot }) => {
    const folders = Map.groupBy(files, (file) => file.split('/').slice(0, 2).join('/'));
    return [...folders].map(([folder, its]) => {
      const project = projectIn(workspaceRoot, folder, its);
      return [its[0] as string, { projects: { [project.root]: project } }];
    });
  },
];

/** `folder` is `<layer>/<name>`, or `test/package.json` for the one project that is a layer itself. */
function projectIn(workspaceRoot: string, folder: string, files: readonly string[]): ProjectConfiguration {
  const [layer, name = ''] = folder.split('/');
  if (layer === 'models') return modelProject(workspaceRoot, name);
  if (layer === 'features') return featureProject(workspaceRoot, name, files.filter(isSource).sort());
  return packageProject(workspaceRoot, dirname(files[0] ?? folder));
}
