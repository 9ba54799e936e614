import { manifestAt, packagesOf, type Rule, type Workspace } from './workspace.ts';

interface Entry {
  link?: boolean;
  integrity?: string;
  resolved?: string;
  inBundle?: boolean;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

const kinds = ['dependencies', 'devDependencies', 'optionalDependencies'] as const;

/** Whether Node would find `name` from the folder `from`: in the nearest node_modules upwards. */
function installed(entries: Record<string, Entry>, from: string, name: string): boolean {
  const parts = from === '' ? [] : from.split('/');
  return parts.concat('').some((_, depth) => [...parts.slice(0, depth), 'node_modules', name].join('/') in entries);
}

const same = (a: Record<string, string> = {}, b: Record<string, string> = {}): boolean =>
  JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());

function check(workspace: Workspace): string[] {
  const { packages: entries } = JSON.parse(workspace.text('package-lock.json')) as { packages: Record<string, Entry> };
  const problems: string[] = [];
  for (const [path, entry] of Object.entries(entries)) {
    for (const kind of ['dependencies', 'optionalDependencies'] as const) {
      for (const [name, range] of Object.entries(entry[kind] ?? {})) {
        if (!installed(entries, path, name)) {
          problems.push(
            `package-lock.json: ${name}@${range} of ${path || 'the root'} is missing, so "npm ci" fails; take the newest version whose platform packages all exist`,
          );
        }
      }
    }
    if (!path.includes('node_modules/') || entry.link === true || entry.inBundle === true) continue;
    if (entry.integrity === undefined)
      problems.push(`package-lock.json: ${path} has no integrity; install it again with "npm run deps"`);
    if (entry.resolved !== undefined)
      problems.push(`package-lock.json: ${path} carries an address; .npmrc leaves it out`);
  }
  const root = manifestAt(workspace, 'package.json');
  for (const [folder, manifest] of [['', root] as const, ...packagesOf(workspace)]) {
    const entry = entries[folder];
    if (entry !== undefined && kinds.every((kind) => same(manifest[kind], entry[kind]))) continue;
    const what = folder || 'the root';
    problems.push(`package-lock.json: ${what} differs from its package.json; run "npm run deps -- install"`);
  }
  return problems;
}

/** The lockfile holds everything, with digests and without addresses, so that `npm ci` works anywhere. */
export const lockfile: Rule = { name: 'lockfile', check };
