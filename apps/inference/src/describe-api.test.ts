import { exampleServing, openExample } from '@repo/serving/fixtures/open-example';
import { expect, test } from 'vitest';
import { describeApi } from './describe-api.ts';

test('each version of a model is described by its own contract, and without a version the default is', async () => {
  const model = await openExample(exampleServing({}), { version: 3, companions: {} });
  await model.close();
  const before = { ...model, version: '2', contract: { ...model.contract, question: 'What was asked before?' } };
  const { paths, components } = JSON.parse(JSON.stringify(describeApi([model, before], '1', new Map())));
  const described = (path: string) => {
    const { summary, requestBody } = paths[`/v2/models/example${path}/predict`].post;
    return [summary, requestBody.content['application/json'].schema.$ref.split('/').at(-1)];
  };
  expect(described('')).toEqual([model.contract.question, 'PredictionRequest.example']);
  expect(described('/versions/3')).toEqual([model.contract.question, 'PredictionRequest.example']);
  expect(described('/versions/2')).toEqual(['What was asked before?', 'PredictionRequest.example.2']);
  expect(Object.keys(components.schemas)).toEqual(
    expect.arrayContaining(['PredictionRequest.example', 'PredictionRequest.example.2']),
  );
});
