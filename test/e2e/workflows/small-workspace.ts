import { execFileSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '@repo/datasets/database';
import { createCopiedWorkspace } from '../copied-workspace.ts';
import { shrinkInfrastructure } from './small-infrastructure.ts';

const shop = fileURLToPath(new URL('../../../apps/pipeline/src/fixtures/workspace', import.meta.url));

/** A number from 0 to 1 that belongs to a text: chance, but the same every time. */
const chance = (text: string): string =>
  `(CAST(CAST('0x' || substr(md5(${text}), 1, 7) AS INTEGER) AS DOUBLE) / 268435456)`;

/**
 * Orders from 1 January 2024 on, one every ten minutes: 21,600 in 150 days. An order is late in the two rushes of the day, on a bad day of its shop, and by
 * chance; no stretch of days is unlike another, so that what is measured on some of them holds on the rest.
 */
const ordersSql = (days: number) => `
  SELECT 'o' || lpad(CAST(i AS VARCHAR), 5, '0') AS order_id,
    ['north', 'south', 'west'][1 + i % 3] AS shop,
    TIMESTAMP '2024-01-01 00:00:00' + to_minutes(CAST(10 * i AS INTEGER)) AS ordered_at,
    40 + 4 * (i % 3) + 40 * CAST((i // 6) % 24 IN (7, 8, 9, 17, 18, 19, 20) AS INTEGER)
      + 8 * ${chance("i // 144 || ' ' || i % 3")} + 70 * ${chance("'o' || i")} AS minutes
  FROM range(${144 * days}) t(i)`;

/** Writes the orders of so many days; `sql` selects from `orders`. */
export async function writeOrders(path: string, days = 150, sql = 'FROM orders'): Promise<void> {
  const database = await openDatabase();
  try {
    mkdirSync(dirname(path), { recursive: true });
    await database.run(`CREATE VIEW orders AS ${ordersSql(days)}`);
    await database.run(`COPY (${sql}) TO '${path}' (FORMAT parquet)`);
  } finally {
    database.close();
  }
}

const split = `split: {
    train: ['2024-01-01', '2024-04-01'],
    validate: ['2024-04-01', '2024-04-20'],
    test: ['2024-04-20', '2024-05-28'],
  }`;

/** Limits on time, so wide that no other work on this machine turns the story. */
const unhurried = ['latencyRatio', 'latencyP99Ms', 'loadMs'].map(
  (name) => `${name}: { at: 5000, reason: 'measured beside other work' }`,
);

/** What stands in for the long checks of the workspace: the story is about what a workflow does with them. */
const scripts = { lint: 'biome ci models features', typecheck: 'tsc -b libs/onnx', e2e: 'echo suite' };
const oneTest = `import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
test('there is a page to read first', () => expect(existsSync(new URL('../README.md', import.meta.url))).toBe(true));
`;

/** A copied workspace whose only model, late-order, is trained in a second; committed with its champion on main. */
export async function createSmallWorkspace() {
  const workspace = createCopiedWorkspace();
  const { root } = workspace;
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
  /** Commits all that has changed; answers the commit. */
  const commit = (message: string): string => {
    git('add', '-A');
    git('-c', 'user.name=dev', '-c', 'user.email=dev@localhost', 'commit', '-q', '--allow-empty', '-m', message);
    return git('rev-parse', 'HEAD');
  };
  // A history of its own: the data of the others would be copied with every job.
  for (const path of ['.git', 'models/flight-delay', 'features/flights', 'features/weather'])
    rmSync(join(root, path), { recursive: true });
  shrinkInfrastructure(root);
  for (const file of globSync('{apps,infra,libs,tools,test}/**/*.test.ts', {
    cwd: root,
    exclude: ['**/node_modules/**'],
  }))
    rmSync(join(root, file));
  cpSync(shop, root, { recursive: true });
  const model = 'models/late-order/model.ts';
  workspace.replace(model, 'rounds: 4, leaves: 4, minLeafRows: 10', 'rounds: 60, leaves: 8');
  workspace.replace(model, /split: \{[^}]*\}/, split);
  workspace.replace(model, "slices: ['shop']", `slices: ['shop'], limits: { ${unhurried.join(', ')} }`);
  await writeOrders(join(root, 'features/shop/data/orders.parquet'));
  writeFileSync(join(root, 'test/readme.test.ts'), oneTest);
  writeFileSync(join(root, 'test/e2e/infra/install-rollouts.ts'), 'export {};\n');
  const manifest = JSON.parse(workspace.read('package.json')) as { scripts: Record<string, string> };
  manifest.scripts = { ...manifest.scripts, ...scripts };
  writeFileSync(join(root, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  git('init', '-q', '-b', 'main');
  await workspace.succeed('biome', 'check', '--write', 'models');
  await workspace.succeed('causeway', 'train', 'late-order');
  await workspace.succeed('causeway', 'register', 'late-order');
  commit('a model and its champion');
  return { ...workspace, git, commit };
}
