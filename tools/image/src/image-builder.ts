import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { InputError } from '@repo/contract/input-error';

/** What an image is made from and where it goes. */
export interface BuildOptions {
  readonly dockerfile: string;
  /** The staged folder. */
  readonly contextDir: string;
  /** Value of the Dockerfile's BASE: an image by digest, or `scratch`. */
  readonly base: string;
  /** Name that the archive carries, such as `localhost/causeway-inference:local`. */
  readonly name: string;
  /** OCI archive to write. */
  readonly outFile: string;
}

/** Seconds since 1970 that every file and the image itself carry, so that two builds are the same bytes. */
const epoch = '0';

function isThere(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const run = (program: string, args: readonly string[]): void => {
  // What the programs tell is progress; our own standard output is the result.
  execFileSync(program, args, { stdio: ['ignore', 2, 2] });
};

/** Without a daemon, without root where user namespaces are allowed, and with a storage of its own that is gone afterwards. */
function withBuildah({ dockerfile, contextDir, base, name, outFile }: BuildOptions): void {
  const storage = mkdtempSync(join(tmpdir(), 'image-'));
  const where = ['--root', join(storage, 'root'), '--runroot', join(storage, 'run'), '--storage-driver', 'vfs'];
  try {
    const reproducible = ['--isolation', 'chroot', '--timestamp', epoch];
    run('buildah', [
      ...where,
      'bud',
      ...reproducible,
      '--build-arg',
      `BASE=${base}`,
      '-t',
      name,
      '-f',
      dockerfile,
      contextDir,
    ]);
    rmSync(outFile, { force: true });
    run('buildah', [...where, 'push', name, `oci-archive:${outFile}:${name}`]);
  } finally {
    // Without root, files of other users in a layer can be removed by buildah alone.
    spawnSync('buildah', [...where, 'rmi', '--all', '--force'], { stdio: 'ignore' });
    rmSync(storage, { recursive: true, force: true });
  }
}

function withDocker({ dockerfile, contextDir, base, name, outFile }: BuildOptions): void {
  const output = `type=oci,dest=${outFile},name=${name},rewrite-timestamp=true,compression=gzip,compression-level=9,force-compression=true`;
  const reproducible = ['--build-arg', `SOURCE_DATE_EPOCH=${epoch}`, '--provenance=false', '--sbom=false'];
  run('docker', [
    'buildx',
    'build',
    ...reproducible,
    '--build-arg',
    `BASE=${base}`,
    '--output',
    output,
    '-f',
    dockerfile,
    contextDir,
  ]);
}

const builders = { buildah: withBuildah, docker: withDocker } as const;

/** Builds an OCI archive with buildah or, without that, docker. Throws InputError when neither is on PATH, or the one that is fails. */
export function buildImage(options: BuildOptions): void {
  const program = (Object.keys(builders) as (keyof typeof builders)[]).find(isThere);
  if (program === undefined) {
    throw new InputError({
      path: 'PATH',
      received: 'neither buildah nor docker',
      allowed: 'one of them',
      action: 'install buildah (apt-get install buildah), which needs no daemon, or docker',
    });
  }
  try {
    builders[program](options);
  } catch (error) {
    const received = (error as Error).message.slice(0, 200);
    throw new InputError({
      path: program,
      received,
      allowed: 'a build',
      action: 'its own lines above say what it lacks',
    });
  }
}
