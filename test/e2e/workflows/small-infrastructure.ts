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

/** Path of the one program, whose service a test may change. */
export const smallProgram = 'infra/serving/index.ts';

/** Leaves one small program of the infrastructure, which reads nothing of others: the story is about what a workflow does with it. */
export function shrinkInfrastructure(root: string): void {
  for (const name of ['cluster', 'storage', 'monitoring', 'serving'])
    rmSync(join(root, 'infra', name), { recursive: true });
  const folder = join(root, 'infra/serving');
  mkdirSync(folder);
  const dependencies = { '@pulumi/kubernetes': '*', '@repo/components': '*' };
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
    'Pulumi.staging.yaml': 'config: {}\n',
    'Pulumi.prod.yaml': 'config: {}\n',
    'index.ts': program,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}
