import { execFileSync } from 'node:child_process';
import { copyFileSync, globSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { openDatabase } from '@repo/datasets/database';

/**
 * Puts DuckDB's extensions for databases into a folder and answers it. They are DuckDB's own signed files, as pip finds them in packages
 * that hold nothing else. Throws where there is no Python or no index of packages.
 */
export async function fetchDuckdbExtensions(folder: string): Promise<string> {
  const database = await openDatabase();
  const [about] = await database.rows('SELECT version() AS version');
  database.close();
  const version = String(about?.version).slice(1);
  const wheels = join(folder, 'wheels');
  const out = join(folder, 'extensions');
  mkdirSync(out, { recursive: true });
  const packages = ['sqlite', 'postgres'].map((name) => `duckdb-extension-${name}-scanner==${version}`);
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '--target', wheels];
  execFileSync('python3', [...pip, ...packages], { stdio: 'pipe' });
  for (const file of globSync(`*/extensions/v${version}/*.duckdb_extension`, { cwd: wheels }))
    copyFileSync(join(wheels, file), join(out, basename(file)));
  return out;
}
