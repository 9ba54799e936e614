import { importsOf, packageOf, relativeTarget } from './imports.ts';
import { isTest, type Manifest, manifestAt, packagesOf, type Rule, sourcesOf, type Workspace } from './workspace.ts';

const has = (record: Record<string, string> | undefined, name: string): boolean =>
  record !== undefined && name in record;

function declares(own: Manifest, root: Manifest, name: string, file: string, typeOnly: boolean): boolean {
  if (has(own.dependencies, name) || own.name === name) return true;
  if (typeOnly || isTest(file)) {
    if (has(own.devDependencies, name) || has(own.devDependencies, `@types/${name}`)) return true;
  }
  return isTest(file) && has(root.devDependencies, name);
}

function check(workspace: Workspace): string[] {
  const packages = packagesOf(workspace);
  const root = manifestAt(workspace, 'package.json');
  const problems: string[] = [];
  for (const file of sourcesOf(workspace)) {
    const folder = [...packages.keys()].find((path) => file.startsWith(`${path}/`));
    // The catalogue, the models and the root's own configuration have no package.json but the root's; layers bounds what the first two import.
    if (folder === undefined) continue;
    for (const one of importsOf(workspace, file)) {
      const name = packageOf(one.specifier);
      if (name !== null && !declares(packages.get(folder) ?? {}, root, name, file, one.typeOnly)) {
        problems.push(`${file}: ${name} is not in the dependencies of ${folder}/package.json; add it there`);
      }
      const target = relativeTarget(one);
      const other = [...packages.keys()].find((path) => target?.startsWith(`${path}/`));
      if (other !== undefined && other !== folder) {
        problems.push(`${file}: reaches into ${other} by path; import what its exports map offers, by package name`);
      }
    }
  }
  return problems;
}

/** Every package that a file imports is declared where the file lies, and imported by its name. Tests may use the root's tools. */
export const declaredDependencies: Rule = { name: 'declared-dependencies', check };
