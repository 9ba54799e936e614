import { cpSync, existsSync, globSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Stands in for `npm ci` in another checkout of a workspace: links every package that is installed in the first; packages of the workspace
 * itself and their commands lead to the other.
 */
export function linkPackages(origin: string, root: string): void {
  const modules = join(origin, 'node_modules');
  mkdirSync(join(root, 'node_modules'));
  for (const name of readdirSync(modules).filter((one) => one !== '@repo' && one !== '.bin' && !one.startsWith('.'))) {
    symlinkSync(join(modules, name), join(root, 'node_modules', name));
  }
  cpSync(join(modules, '@repo'), join(root, 'node_modules/@repo'), { recursive: true, verbatimSymlinks: true });
  cpSync(join(modules, '.bin'), join(root, 'node_modules/.bin'), { recursive: true, verbatimSymlinks: true });
  // Where two packages want different versions of a third, npm puts one of them into the folder of the package.
  for (const own of globSync('{apps,infra,libs,tools}/*/node_modules', { cwd: origin })) {
    // A package that is itself a link has its own already.
    if (existsSync(join(root, own))) continue;
    mkdirSync(join(root, own), { recursive: true });
    for (const name of readdirSync(join(origin, own))) symlinkSync(join(origin, own, name), join(root, own, name));
  }
}
