import { dirname, join, resolve } from 'node:path';
import { rolldown } from 'rolldown';
import { sourceMarks } from './bundled-packages.ts';

/** How a thread is named by who starts it. */
const threadUrl = /new URL\('\.\/([\w-]+)\.ts', import\.meta\.url\)/g;

/** Whether a module is a file, and not one that the bundler adds. */
const isFile = (id: string): boolean => !id.startsWith('\0');

/**
 * Bundles the service at `root` into `outDir`: `main.js`, the judge of its canaries as `judge.js`, one file for each thread under the thread's own name, and chunks that they share or
 * load later. What is native stays outside, in `external`. Nothing is minified, so that stack traces read like the source,
 * and each file says at its end what is in it. Returns the absolute paths of the sources of which something is in the bundle. Throws Error when the service reaches a package of `forbidden`.
 */
export async function bundleService(
  root: string,
  outDir: string,
  { external, forbidden }: { external: readonly string[]; forbidden: readonly string[] },
): Promise<string[]> {
  const build = await rolldown({
    input: { main: join(root, 'apps/inference/src/main.ts'), judge: join(root, 'apps/pipeline/src/judge/main.ts') },
    cwd: root,
    platform: 'node',
    external: [...external],
    plugins: [
      {
        name: 'threads',
        // All files of a bundle lie side by side, so that a thread is found beside whoever starts it.
        transform(code, id) {
          if (!id.startsWith(root) || id.includes('/node_modules/')) return null;
          return code.replace(threadUrl, (_, name: string) => {
            this.emitFile({ type: 'chunk', id: resolve(dirname(id), `${name}.ts`), name, fileName: `${name}.js` });
            return `new URL('./${name}.js', import.meta.url)`;
          });
        },
        renderChunk: (code, { modules }) => `${code}\n${sourceMarks(Object.keys(modules).filter(isFile), root)}`,
      },
    ],
  });
  try {
    const { output } = await build.write({
      dir: outDir,
      cleanDir: true,
      format: 'esm',
      entryFileNames: '[name].js',
      chunkFileNames: '[name]-[hash].js',
    });
    const modules = output.flatMap((file) => (file.type === 'chunk' ? Object.keys(file.modules) : []));
    const inside = modules.filter(isFile);
    const heavy = inside.find((id) => forbidden.some((name) => id.includes(`/node_modules/${name}/`)));
    if (heavy !== undefined) throw new Error(`the service reaches ${heavy}, which is too large for its image`);
    return inside;
  } finally {
    await build.close();
  }
}
