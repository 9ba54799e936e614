import { expect, test } from 'vitest';
import { bundledPackages, sourcesIn } from './bundled-packages.ts';

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

test('sources are read from the marks of the bundler', () => {
  const bundle =
    '//#region libs/stats/src/auc.ts\nconst auc = 1;\n//#endregion\n//#region \\0rolldown/runtime.js\n//#endregion\n';
  expect(sourcesIn(`${bundle}\n  //#region within a text\n`)).toEqual(['libs/stats/src/auc.ts']);
});
