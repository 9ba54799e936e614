import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { featureProject } from './feature-project.ts';

test('every source of a domain is ingested into its own stage folder', () => {
  const project = featureProject('/nowhere', 'flights', ['features/flights/flights.ts', 'features/flights/planes.ts']);
  expect(project.targets?.ingest).toMatchObject({
    options: { commands: ['causeway ingest flights', 'causeway ingest planes'], parallel: false },
    outputs: [
      '{workspaceRoot}/.causeway/stages/flights/ingest',
      '{workspaceRoot}/.causeway/stages/flights/ingested.json',
      '{workspaceRoot}/.causeway/stages/planes/ingest',
      '{workspaceRoot}/.causeway/stages/planes/ingested.json',
    ],
  });
});

test('a folder with data but no source is a project without targets', () => {
  expect(featureProject('/nowhere', 'flights', [])).toMatchObject({ name: 'features-flights', targets: {} });
});

test('the tests of a domain run as its own target', () => {
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  const { targets } = featureProject(root, 'flights', ['features/flights/flights.ts']);
  expect(targets?.test).toMatchObject({ options: { command: 'vitest run --project catalogue features/flights/' } });
  expect(Object.keys(targets ?? {})).toEqual(['test', 'ingest']);
});
