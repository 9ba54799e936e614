import { execFileSync } from 'node:child_process';
import { readFileSync, realpathSync } from 'node:fs';
import { basename } from 'node:path';
import { sha256 } from '@repo/contract/canonical-json';

/** A library of this machine that goes into the image. */
export interface SystemLibrary {
  readonly name: string;
  /** Of the Debian package that it is from; `unknown` elsewhere. */
  readonly version: string;
  readonly purl: string | undefined;
  readonly sha256: string;
}

const ask = (program: string, args: readonly string[]): string | null => {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return null;
  }
};

/** `libc6:amd64: /lib/x86_64-linux-gnu/libc.so.6` names the package; the file may lie in `/lib`, a link to `/usr/lib`, or the other way round. */
function debianPackage(path: string): string | null {
  const real = realpathSync(path);
  for (const candidate of [path, real, real.replace(/^\/usr/, '')]) {
    const owner = ask('dpkg-query', ['--search', candidate])?.split(': ')[0];
    if (owner !== undefined) return owner;
  }
  return null;
}

const shownFields = ['Package', 'Version', 'Architecture'].map((field) => `\${${field}}`).join(' ');

/** Says what a library is, by dpkg where that is its owner, so that a scanner finds what is known of it. */
export function systemLibrary(path: string): SystemLibrary {
  const owner = debianPackage(path);
  const shown = owner === null ? null : ask('dpkg-query', ['--show', '--showformat', shownFields, owner]);
  const [name, version, architecture] = shown?.split(' ') ?? [];
  return {
    name: basename(path),
    version: version ?? 'unknown',
    purl:
      version === undefined ? undefined : `pkg:deb/debian/${name}@${encodeURIComponent(version)}?arch=${architecture}`,
    sha256: sha256(readFileSync(path)),
  };
}
