interface LockEntry {
  readonly link?: boolean;
  readonly resolved?: string;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** Folders, relative to the workspace, that a program needs to run. */
export interface Closure {
  /** Of the workspace: `apps/pipeline`, `libs/contract`. */
  readonly own: readonly string[];
  /** Of packages: `node_modules/zod`, `libs/github/node_modules/bottleneck`. */
  readonly packages: readonly string[];
}

/** Whether npm installs a package where images run: Linux on x64 with the C library of GNU. */
const isForImage = ({ os = ['linux'], cpu = ['x64'], libc = ['glibc'] }: LockEntry): boolean =>
  os.includes('linux') && cpu.includes('x64') && libc.includes('glibc');

/** Folders in which Node looks for a package that is imported in `folder`, the nearest first. */
function placesOf(name: string, folder: string): string[] {
  const parts = folder.split('/');
  const above = parts.map((_, index) => parts.slice(0, parts.length - index).join('/'));
  return [...above.filter((path) => !path.endsWith('node_modules')).map((path) => `${path}/`), ''].map(
    (path) => `${path}node_modules/${name}`,
  );
}

/**
 * What a program of the workspace needs at run time, by the text of package-lock.json: its packages and theirs, found as Node finds them.
 * What only develops or tests is not among it. Throws Error where the lock file lacks one.
 */
export function installedClosure(lock: string, program: string): Closure {
  const { packages } = JSON.parse(lock) as { packages: Readonly<Record<string, LockEntry>> };
  const found = new Set<string>();
  const visit = (folder: string): void => {
    if (found.has(folder)) return;
    found.add(folder);
    const entry = packages[folder];
    if (entry === undefined) throw new Error(`package-lock.json does not list ${folder}; run npm install`);
    const mayLack = (name: string) =>
      entry.optionalDependencies?.[name] !== undefined || entry.peerDependenciesMeta?.[name]?.optional === true;
    const wanted = { ...entry.peerDependencies, ...entry.dependencies, ...entry.optionalDependencies };
    for (const name of Object.keys(wanted)) {
      const place = placesOf(name, folder).find((path) => packages[path] !== undefined);
      const target = place === undefined ? undefined : (packages[place] as LockEntry);
      if (place === undefined || target === undefined) {
        if (mayLack(name)) continue;
        throw new Error(`package-lock.json lists no ${name}, which ${folder} needs; run npm install`);
      }
      if (isForImage(target)) visit(target.link === true ? (target.resolved as string) : place);
    }
  };
  visit(program);
  const sorted = [...found].sort();
  const isPackage = (folder: string): boolean => /(^|\/)node_modules\//.test(folder);
  return { own: sorted.filter((folder) => !isPackage(folder)), packages: sorted.filter(isPackage) };
}
