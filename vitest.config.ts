import { globSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { configDefaults, defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';

const packages = globSync(['{apps,infra,libs,tools}/*/package.json', 'test/package.json'], {
  cwd: import.meta.dirname,
}).sort();
const nameIn = (file: string): string => JSON.parse(readFileSync(join(import.meta.dirname, file), 'utf8')).name;

/**
 * Packages whose tests need a process for each file, which costs a third of a second or more. In the others the next file runs in the process of the
 * one before, and need not import everything again: their tests leave nothing behind there.
 */
const apart = ['registry', 'nx', 'image', 'test'].map((name) => `@repo/${name}`);
/** The one file elsewhere that needs a process of its own: it replaces modules, those that others import too, which only Vite can. */
const replacing = { package: '@repo/inference', file: 'src/fault-matrix.test.ts' };

export default defineConfig({
  test: {
    // Named like their packages. Only a project that extends this file inherits the limit and the environment below.
    projects: [
      ...packages.map((file) => {
        const name = nameIn(file);
        const exclude = [...configDefaults.exclude, ...(name === replacing.package ? [replacing.file] : [])];
        return { extends: true as const, test: { name, root: dirname(file), exclude, isolate: apart.includes(name) } };
      }),
      {
        extends: true,
        test: {
          name: `${replacing.package}:replacing`,
          root: 'apps/inference',
          include: [replacing.file],
          experimental: { viteModuleRunner: true },
        },
      },
      { extends: true, test: { name: 'catalogue', include: ['{features,models}/**/*.test.ts'] } },
    ],
    // Left alone, vitest keeps a processor free; many tests wait for processes of their own, so that one more than there are is busy.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    testTimeout: 30_000,
    // What is waited for comes at once on an idle machine; on a busy one nobody knows when.
    expect: { poll: { timeout: 20_000 } },
    hookTimeout: 30_000,
    // Node itself runs the sources, as everywhere else. Vite would rewrite them so that each use of an import is a call, which costs a fifth of all time.
    experimental: { viteModuleRunner: false },
    env: {
      ORT_DISABLE_TELEMETRY: '1',
      // Nx otherwise starts a process for each plugin each time that it is asked.
      NX_ISOLATE_PLUGINS: 'false',
      // Tests start many programs and threads, each of which would strip the types of the same sources anew.
      NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/node-compile'),
    },
  },
});
