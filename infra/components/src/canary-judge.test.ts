import * as pulumi from '@pulumi/pulumi';
import { expect, test } from 'vitest';
import { CanaryJudge } from './canary-judge.ts';
import { exampleModel } from './example-model.ts';
import { JudgeTokens, judgeSecret } from './judge-tokens.ts';

interface Registered {
  readonly type: string;
  readonly inputs: Record<string, never>;
}

/** What is registered while `make` runs, by kind. */
async function registeredBy(make: () => void) {
  const registered: Registered[] = [];
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      registered.push({ type, inputs });
      return { id: `${name}-id`, state: inputs };
    },
    call: ({ inputs }) => inputs,
  });
  make();
  await pulumi.runtime.disconnect();
  return (kind: string): Record<string, never> => {
    const found = registered.filter(({ type }) => type.endsWith(`:${kind}`));
    if (found.length !== 1) throw new Error(`${kind}: ${found.length} registered`);
    return (found[0] as Registered).inputs;
  };
}

const judge = () =>
  registeredBy(() => {
    new CanaryJudge('judge', {
      image: 'registry/inference@sha256:00',
      namespace: 'models',
      models: [exampleModel],
      prometheusUrl: 'http://prometheus',
      monitoringNamespace: 'monitoring',
      stateUrl: 's3://bucket/state',
      askJudgeSha256: 'a'.repeat(64),
    });
  });

test('its account may list pods of its namespace and do nothing else', async () => {
  const one = await judge();
  expect(one('Role').rules).toEqual([{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }]);
  expect(one('Role').metadata).toMatchObject({ namespace: 'models' });
});

test('only Argo Rollouts may ask it, and it asks no more than what it judges by', async () => {
  const spec = (await judge())('NetworkPolicy').spec as unknown as {
    ingress: { from: unknown[] }[];
    egress: { to?: unknown[]; ports: { port: number }[] }[];
  };
  expect(spec.ingress).toHaveLength(1);
  expect(JSON.stringify(spec.ingress)).toContain('argo-rollouts');
  expect(spec.egress.flatMap(({ ports }) => ports.map(({ port }) => port)).sort()).toEqual(
    [443, 443, 53, 53, 6443, 80, 9090, 9090].sort(),
  );
});

test('it knows what each definition says of its releases, and starts anew when one of them changes', async () => {
  const one = await judge();
  const { data, metadata } = one('ConfigMap') as unknown as {
    data: Record<string, string>;
    metadata: { name: string };
  };
  expect(JSON.parse(data['bike-demand.json'] ?? '')).toEqual({ release: exampleModel.release, task: 'regression' });
  expect(JSON.stringify(one('Deployment').spec)).toContain(metadata.name);
});

test('two tokens are made once: what asks the judge reads no predictions', async () => {
  const tokens: pulumi.Output<string>[] = [];
  const one = await registeredBy(() => {
    const made = new JudgeTokens('judge', { namespace: 'models' });
    tokens.push(made.askJudgeSha256, made.readPredictionsSha256);
  });
  const { data } = one('Secret') as unknown as { data: { value?: Record<string, string> } & Record<string, string> };
  const values = Object.values(data.value ?? data);
  expect(new Set(values).size).toBe(2);
  for (const value of values) expect(Buffer.from(value, 'base64').toString()).toMatch(/^[0-9a-f]{64}$/);
  expect(Object.keys(data.value ?? data)).toEqual([judgeSecret.askJudge, judgeSecret.readPredictions]);
});
