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

it('leaves no document elsewhere in components and programs, where nobody would ask for examples', () => {
  const infra = join(here, '../../..');
  const folders = readdirSync(infra).map((name) => (name === 'components' ? 'components/src' : name));
  const sources = folders.flatMap((folder) =>
    readdirSync(join(infra, folder))
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .map((file) => join(folder, file)),
  );
  expect(sources).toContain('storage/aws-storage.ts');
  const strays = sources.filter((file) => /2012-10-17|policyDocument\(/.test(readFileSync(join(infra, file), 'utf8')));
  expect(strays).toEqual([]);
});
