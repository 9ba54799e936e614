import { expect, test } from 'vitest';
import { bundledPackages, sourceMarks, sourcesIn } from './bundled-packages.ts';

test('packages are the innermost ones that sources lie in, sorted, each once', () => {
  const paths = [
    '/w/libs/serving/src/poll.ts',
    '/w/node_modules/send/node_modules/ms/index.js',
    '/w/node_modules/@redis/client/dist/index.js',
    '/w/node_modules/@redis/client/dist/lib/client.js',
    'node_modules/express/index.js',
  ];
  expect(bundledPackages(paths)).toEqual([
    'node_modules/@redis/client',
    'node_modules/express',
    'node_modules/send/node_modules/ms',
  ]);
});

test('a bundle names its sources, and a text within it that looks alike is none', () => {
  const marks = sourceMarks(['/w/libs/stats/src/auc.ts', '/w/node_modules/express/index.js'], '/w');
  const bundle = `const text = " //#source no/source.js";\n${marks}`;
  expect(sourcesIn(bundle)).toEqual(['libs/stats/src/auc.ts', 'node_modules/express/index.js']);
});
