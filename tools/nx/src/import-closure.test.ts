import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { importClosure, importedSpecifiers } from './import-closure.ts';

const root = mkdtempSync(join(tmpdir(), 'closure-'));
afterAll(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

test('static, side-effect, dynamic, type and re-exporting imports are all seen once', () => {
  const text = `import a, { b } from './a.ts';\nimport './b.ts';\nimport type { C } from "./c.ts";
export { d } from './d.ts';\nconst e = await import('./e.ts');\nimport {\n  f,\n} from './a.ts';`;
  expect(importedSpecifiers(text)).toEqual(['./a.ts', './b.ts', './c.ts', './d.ts', './e.ts']);
});

test('the closure follows relative imports through cycles and leaves packages and missing files out', () => {
  write('models/m/model.ts', `import { x } from '../../features/f/x.ts';\nimport { z } from 'zod';`);
  write('features/f/x.ts', `import { y } from './views/y.ts';\nimport './gone.ts';`);
  write('features/f/views/y.ts', `import type { X } from '../x.ts';`);
  expect(importClosure(root, 'models/m/model.ts')).toEqual([
    'features/f/views/y.ts',
    'features/f/x.ts',
    'models/m/model.ts',
  ]);
});

test('a file that does not parse still yields its imports', () => {
  write('broken.ts', `import { x } from './features/f/x.ts';\nexport default defineModel({{{`);
  expect(importClosure(root, 'broken.ts')).toContain('features/f/x.ts');
});
