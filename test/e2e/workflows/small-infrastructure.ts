import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const program = `import * as kubernetes from '@pulumi/kubernetes';
import { labelsOf } from '@repo/components/naming';

const labels = labelsOf('demand', 'service');
new kubernetes.core.v1.Service('demand', {
  metadata: { name: 'demand', labels },
  spec: { type: 'ClusterIP', selector: { app: 'demand' }, ports: [{ port: 8080 }] },
});
`;

/**
 * A program that real engines stand up without a cluster or a cloud: its provider writes what it would ask of a cluster into files of the
 * folder that WORLD names. In a job that MORE_IN_JOB names it declares something more.
 */
export const deployedProgram = `import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';

const image = 'ghcr.io/bot/causeway-inference@' + new pulumi.Config('serving').require('imageDigest');
const provider = new kubernetes.Provider('world', { renderYamlToDirectory: process.env.WORLD });
const declare = (name: string, data: pulumi.Input<Record<string, pulumi.Input<string>>>) =>
  new kubernetes.core.v1.ConfigMap(name, { metadata: { name }, data }, { provider });
declare('demand', { image, key: pulumi.secret('open sesame') });
if (process.env.GITHUB_JOB === process.env.MORE_IN_JOB) declare('more', { image });
`;

/** Path of the one program, whose service a test may change. */
export const smallProgram = 'infra/serving/index.ts';

/** Leaves one small program of the infrastructure, which reads nothing of others: the story is about what a workflow does with it. */
export function shrinkInfrastructure(root: string, source = program): void {
  for (const name of ['cluster', 'storage', 'monitoring', 'serving'])
    rmSync(join(root, 'infra', name), { recursive: true });
  const folder = join(root, 'infra/serving');
  mkdirSync(folder);
  const dependencies = { '@pulumi/kubernetes': '*', '@pulumi/pulumi': '*', '@repo/components': '*' };
  const manifest = {
    name: '@repo/infra-serving',
    version: '0.0.0',
    type: 'module',
    dependencies,
    nx: { name: 'serving' },
  };
  const files = {
    'package.json': JSON.stringify(manifest),
    'Pulumi.yaml': 'name: serving\nruntime:\n  name: nodejs\n  options:\n    typescript: false\nmain: index.ts\n',
    'Pulumi.dev.yaml': 'config: {}\n',
    'Pulumi.staging.yaml': 'config: {}\n',
    'Pulumi.prod.yaml': 'config: {}\n',
    'index.ts': source,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}
