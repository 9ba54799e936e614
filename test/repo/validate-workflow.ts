import { existsSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { TextDocument } from 'vscode-languageserver-textdocument';

// The language service imports JSON without saying so, which Node refuses.
registerHooks({
  load: (url, context, next) =>
    next(
      url,
      url.endsWith('.json') ? { ...context, importAttributes: { ...context.importAttributes, type: 'json' } } : context,
    ),
});
const { validate } = await import('@actions/languageservice');

/** Inputs of the actions that the workflows use, as their action.yml lists them at the version that is pinned. */
const inputsOf: Readonly<Record<string, string>> = {
  'actions/checkout':
    'repository ref token persist-credentials path clean filter sparse-checkout fetch-depth fetch-tags lfs submodules',
  'actions/setup-node':
    'node-version node-version-file architecture check-latest registry-url cache package-manager-cache cache-dependency-path',
  'actions/cache': 'path key restore-keys fail-on-cache-miss lookup-only',
  'actions/upload-artifact':
    'name path if-no-files-found retention-days compression-level overwrite include-hidden-files archive',
  'actions/download-artifact':
    'name artifact-ids path pattern merge-multiple github-token repository run-id digest-mismatch',
  'actions/attest':
    'subject-path subject-digest subject-name subject-checksums subject-version sbom-path predicate-type predicate predicate-path push-to-registry create-storage-record show-summary github-token',
  'helm/kind-action':
    'version config node_image cluster_name wait verbosity kubectl_version registry registry_name registry_image registry_port registry_enable_delete install_only ignore_failed_clean kubeconfig',
  'docker/login-action': 'registry username password ecr scope logout registry-auth',
  'aws-actions/amazon-ecr-login': 'http-proxy mask-password registries registry-type skip-logout',
  'pulumi/actions':
    'command stack-name pulumi-version pulumi-version-file work-dir comment-on-pr comment-on-pr-number comment-on-summary github-token cloud-url secrets-provider parallel message config-map expect-no-changes diff replace exclude exclude-dependents target target-dependents policyPacks policyPackConfigs refresh upsert remove edit-pr-comment color exclude-protected plan',
  'aws-actions/configure-aws-credentials':
    'aws-region role-to-assume audience role-duration-seconds role-session-name role-skip-session-tagging managed-session-policies allowed-account-ids mask-aws-account-id',
};

let asked = 0;

/** The part of the service's interface that is answered here. */
interface ActionReference {
  owner: string;
  name: string;
}

/**
 * What GitHub's own language service finds wrong with a workflow: `line: message` each.
 * @param root folder of the workspace, in which reusable workflows are looked up.
 * @param path of the workflow, relative to the root; `text` stands for its content.
 */
export async function validateWorkflow(root: string, path: string, text: string): Promise<string[]> {
  // The service remembers what it parsed by address, whatever the text is now.
  asked += 1;
  const address = `${pathToFileURL(join(root, path)).href}?${asked}`;
  const document = TextDocument.create(address, 'yaml', 0, text);
  const diagnostics = await validate(document, {
    fileProvider: {
      getFileContent: async (reference) => {
        if (!('path' in reference) || !existsSync(join(root, reference.path))) throw new Error('no such file');
        return { name: reference.path, content: readFileSync(join(root, reference.path), 'utf8') };
      },
    },
    actionsMetadataProvider: {
      fetchActionMetadata: async ({ owner, name }: ActionReference) => {
        const inputs = inputsOf[`${owner}/${name}`];
        if (inputs === undefined) return undefined;
        return {
          name,
          description: '',
          inputs: Object.fromEntries(inputs.split(' ').map((one) => [one, { description: '' }])),
        };
      },
    },
  });
  return diagnostics.map(({ range, message }) => `${range.start.line + 1}: ${message}`);
}
