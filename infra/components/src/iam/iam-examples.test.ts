import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const here = import.meta.dirname;
const files = readdirSync(here);
const documents = files.filter((file) => /-(policy|trust)\.ts$/.test(file));

it('finds the documents', () => {
  expect(documents.length).toBeGreaterThan(10);
});

it.each(documents)('%s has examples beside it of what it allows and what not', (file) => {
  const test = file.replace(/\.ts$/, '.test.ts');
  expect(files).toContain(test);
  expect(readFileSync(join(here, test), 'utf8')).toContain('describeExamples(');
});

it('leaves no document elsewhere in the package, where nobody would ask for examples', () => {
  const above = join(here, '..');
  const strays = readdirSync(above)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .filter((file) => /2012-10-17|policyDocument\(/.test(readFileSync(join(above, file), 'utf8')));
  expect(strays).toEqual([]);
});
