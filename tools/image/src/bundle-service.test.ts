import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { bundleService } from './bundle-service.ts';
import { bundledPackages, sourcesIn } from './bundled-packages.ts';

const root = resolve(import.meta.dirname, '../../..');
const external = ['onnxruntime-node'];

function newFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'bundle-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

test('the service and its threads are bundled, each thread beside whoever starts it, and DuckDB is not', async () => {
  const dir = newFolder();
  const sources = await bundleService(root, dir, { external, forbidden: ['@duckdb'] });
  const files = readdirSync(dir);
  const text = files.map((file) => readFileSync(join(dir, file), 'utf8')).join('\n');
  const threads = [...text.matchAll(/new Worker\(new URL\(["']\.\/([\w.-]+)["'], import\.meta\.url\)/g)];
  expect(threads.map(([, file]) => file).sort()).toEqual(['house-thread.js', 'worker-thread.js']);
  expect(files).toEqual(expect.arrayContaining(['main.js', 'house-thread.js', 'worker-thread.js']));
  expect(bundledPackages(sources)).toContain('node_modules/express');
  expect(bundledPackages(sourcesIn(text)), 'the marks in the text say the same').toEqual(bundledPackages(sources));
});

test('a service that reaches a package which is too large is not bundled', async () => {
  const bundling = bundleService(root, newFolder(), { external, forbidden: ['express'] });
  await expect(bundling).rejects.toThrow(/the service reaches .*\/node_modules\/express\//);
});
