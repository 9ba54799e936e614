import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

/** Of an image without tag and digest, such as `ghcr.io/owner/causeway-inference`. */
const nameForm = /^[\w.-]+(?::\d+)?(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)+$/;
const digestForm = /^sha256:[0-9a-f]{64}$/;
const repositoryForm = /^[\w.-]+\/[\w.-]+$/;

/** Who alone may have signed an image, seen from the repository, and for which branch. */
const signer = '.github/workflows/build-image.yml';
const branch = 'refs/heads/main';

/**
 * `node tools/image/src/verify-image.ts --image <name> --digest <digest> --repository <owner/name>`: asks `gh attestation verify` whether that
 * image was built by build-image.yml of that repository, from its branch main, on a machine of GitHub. Nothing that an image says of itself
 * counts: whose workflow it was stands in the certificate that Sigstore gave for the token of the run. Needs gh with a GH_TOKEN that may read
 * attestations, and a login at the registry. Exit 1: it was not, or nobody can say; 2: wrong use.
 */
function verify(image: string, digest: string, repository: string): number {
  const identity = ['--repo', repository, '--signer-workflow', `${repository}/${signer}`, '--source-ref', branch];
  const args = ['attestation', 'verify', `oci://${image}@${digest}`, ...identity, '--deny-self-hosted-runners'];
  const { status, error } = spawnSync('gh', args, { stdio: ['ignore', 2, 2] });
  if (status === 0) {
    console.log(`${image}@${digest} was built by ${signer} of ${repository} from ${branch}`);
    return 0;
  }
  console.error(
    `image: received ${image}@${digest}, of which gh says what stands above (${error?.message ?? `exit code ${status}`}); ` +
      `allowed: one that ${signer} of ${repository} has built from ${branch} and signed; deploy none that it has not`,
  );
  return 1;
}

const text = { type: 'string', default: '' } as const;
const { values } = parseArgs({ options: { image: text, digest: text, repository: text } });
const { image, digest, repository } = values;
if (nameForm.test(image) && digestForm.test(digest) && repositoryForm.test(repository)) {
  process.exitCode = verify(image, digest, repository);
} else {
  console.error(
    `--image, --digest, --repository: received ${JSON.stringify(values)}; allowed: a name without a tag, sha256 and 64 hexadecimal digits, and <owner>/<name>; correct them`,
  );
  process.exitCode = 2;
}
