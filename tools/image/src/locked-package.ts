/** What package-lock.json says of a package that was installed. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** As the package declares it; null: not at all. */
  readonly license: string | null;
  /** SHA-512 of the package as it was published, hexadecimal. */
  readonly sha512: string | null;
}

interface LockEntry {
  readonly version?: string;
  readonly license?: string;
  readonly integrity?: string;
}

/** Reads the entry of `folder`, such as `node_modules/express`, in the text of a package-lock.json. Throws Error when there is none. */
export function lockedPackages(lock: string): (folder: string) => LockedPackage {
  const { packages } = JSON.parse(lock) as { packages: Readonly<Record<string, LockEntry>> };
  return (folder) => {
    const entry = packages[folder];
    if (entry?.version === undefined) throw new Error(`${folder} is bundled, but package-lock.json does not list it`);
    const [algorithm, digest] = entry.integrity?.split('-') ?? [];
    return {
      name: folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version: entry.version,
      license: entry.license ?? null,
      sha512: algorithm === 'sha512' && digest !== undefined ? Buffer.from(digest, 'base64').toString('hex') : null,
    };
  };
}
