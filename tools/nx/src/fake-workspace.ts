import { execFile, execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Evaluates the model like the real command, writes its stage folder and notes that it ran. */
const standIn = `#!/usr/bin/env node
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
const [verb, name, ...flags] = process.argv.slice(2);
if (verb !== 'ingest') await import(process.cwd() + '/models/' + name + '/model.ts');
const folder = '.causeway/stages/' + name + '/' + verb;
mkdirSync(folder, { recursive: true });
writeFileSync(folder + '/manifest.json', '{}');
appendFileSync('.causeway/runs', [verb, name, ...flags].join(' ') + '\\n');
`;

const files: Record<string, string> = {
  'package.json': '{ "name": "fake", "private": true, "workspaces": ["apps/*", "infra/*", "libs/*"] }',
  'package-lock.json':
    '{ "name": "fake", "lockfileVersion": 3, "requires": true, "packages": { "": { "name": "fake" }, "node_modules/left": { "version": "1.0.0" } } }',
  '.gitignore': 'node_modules/\n.nx/\n.causeway/\n',
  'features/rides/rides.ts': 'export const rides = 1;\n',
  'features/rides/data/rides.csv': 'id\n1\n',
  'features/rides/views/used.ts': `import { rides } from '../rides.ts';\nexport const used = rides;\n`,
  'features/rides/views/unused.ts': 'export const unused = 2;\n',
  'features/tides/tides.ts': 'export const tides = 3;\n',
  'models/demand/model.ts': `import { rides } from '../../features/rides/rides.ts';
import { used } from '../../features/rides/views/used.ts';
export default [rides, used];\n`,
  'infra/serving/package.json': '{ "name": "@repo/infra-serving", "version": "0.0.0", "nx": { "name": "serving" } }',
  'infra/serving/Pulumi.yaml': 'name: serving\n',
  'infra/serving/tsconfig.json': '{ "references": [{ "path": "../../models" }] }',
  'infra/storage/package.json': '{ "name": "@repo/infra-storage", "version": "0.0.0", "nx": { "name": "storage" } }',
  'infra/storage/Pulumi.yaml': 'name: storage\n',
  'models/other/model.ts': `import { tides } from '../../features/tides/tides.ts';\nexport default tides;\n`,
};
/** Packages of the stand-in and what each depends on. */
const packages = {
  contract: [],
  datasets: ['contract'],
  features: ['datasets'],
  training: ['onnx'],
  gates: ['training'],
  onnx: [],
  pipeline: ['features', 'training'],
};
for (const [name, below] of Object.entries(packages)) {
  const dependencies = Object.fromEntries(below.map((other) => [`@repo/${other}`, '*']));
  const folder = name === 'pipeline' ? 'apps' : 'libs';
  files[`${folder}/${name}/package.json`] = JSON.stringify({ name: `@repo/${name}`, version: '0.0.0', dependencies });
  files[`${folder}/${name}/src/${name}.ts`] = 'export const code = 1;\n';
  files[`${folder}/${name}/src/${name}.test.ts`] = 'export const check = 1;\n';
}

/** A small workspace in a temporary folder with this plugin, two models and a stand-in for the `causeway` command. */
export function createFakeWorkspace() {
  const root = mkdtempSync(join(tmpdir(), 'workspace-'));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const [path, text] of Object.entries(files)) write(path, text);
  const nxJson = JSON.parse(readFileSync(here('../../../nx.json'), 'utf8')) as Record<string, unknown>;
  write('nx.json', JSON.stringify({ ...nxJson, plugins: ['./plugin/plugin.ts'] }));
  cpSync(here('.'), join(root, 'plugin'), { recursive: true });
  write('node_modules/.bin/causeway', standIn);
  chmodSync(join(root, 'node_modules/.bin/causeway'), 0o755);
  symlinkSync(here('../../../node_modules/nx'), join(root, 'node_modules/nx'));

  /** Runs `nx` and returns its exit code with the commands that really ran, caches aside. */
  const nx = async (...args: string[]): Promise<{ exitCode: number; ran: string[]; output: string }> => {
    mkdirSync(join(root, '.causeway'), { recursive: true });
    writeFileSync(join(root, '.causeway/runs'), '');
    const path = [join(root, 'node_modules/.bin'), dirname(process.execPath), process.env.PATH].join(':');
    const env = { ...process.env, PATH: path, NX_WORKSPACE_ROOT_PATH: root, NX_NO_CLOUD: 'true' };
    const bin = join(root, 'node_modules/nx/dist/bin/nx.js');
    const run = promisify(execFile)(process.execPath, [bin, ...args], { cwd: root, env });
    const done = await run.then(
      ({ stdout }) => ({ exitCode: 0, output: stdout }),
      (e: { code: number; stdout: string; stderr: string }) => ({ exitCode: e.code, output: e.stdout + e.stderr }),
    );
    const ran = readFileSync(join(root, '.causeway/runs'), 'utf8').split('\n').filter(Boolean);
    return { ...done, ran };
  };
  const append = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    appendFileSync(join(root, path), text);
  };
  /** Commits all that has changed and returns the commit. */
  const commit = (): string => {
    const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
    git('init', '-q');
    git('add', '-A');
    git('-c', 'user.name=fake', '-c', 'user.email=fake@localhost', 'commit', '-q', '--allow-empty', '-m', 'change');
    return git('rev-parse', 'HEAD');
  };
  return { root, nx, append, commit, remove: () => rmSync(root, { recursive: true, force: true }) };
}
