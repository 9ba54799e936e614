import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';

// No import from elsewhere: the job that may write to a registry installs no package.

/** Digest of the one image in an OCI archive. */
function digestOf(archive: string): string {
  const { manifests } = JSON.parse(execFileSync('tar', ['-xOf', archive, 'index.json'], { encoding: 'utf8' }));
  const [only] = manifests as { digest: string }[];
  if (only === undefined || manifests.length !== 1)
    throw new Error(`${archive} holds ${manifests.length} images, not one`);
  return only.digest;
}

/** A name without tag and digest, such as `ghcr.io/owner/causeway-inference`. */
const nameForm = /^(?<host>[\w.-]+(?::\d+)?)(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)+$/;

/**
 * `node tools/image/src/push-image.ts --archive <file> --image <name>`: copies the image to a registry as it is, by its digest and without
 * a tag, and prints `digest=sha256:...`. Repeating it changes nothing. Credentials are those of `docker login`. Exit 2: wrong use.
 */
function push(archive: string, image: string): void {
  const { host = '' } = nameForm.exec(image)?.groups ?? {};
  const digest = digestOf(archive);
  // As docker does: a registry on this very machine speaks HTTP.
  const plain = /^(localhost|127\.0\.0\.1)(:|$)/.test(host) ? ['--dest-tls-verify=false'] : [];
  const [from, to] = [`oci-archive:${archive}`, `docker://${image}@${digest}`];
  execFileSync('skopeo', ['copy', '--preserve-digests', '--quiet', ...plain, from, to], { stdio: ['ignore', 2, 2] });
  console.log(`digest=${digest}`);
}

const { archive = '', image = '' } = parseArgs({
  options: { archive: { type: 'string' }, image: { type: 'string' } },
}).values;
if (archive === '' || !nameForm.test(image)) {
  console.error(
    `--archive, --image: received ${JSON.stringify({ archive, image })}; allowed: a file, and a name without a tag such as ghcr.io/owner/causeway-inference; correct them`,
  );
  process.exitCode = 2;
} else {
  push(archive, image);
}
