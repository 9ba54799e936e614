import { readFileSync } from 'node:fs';
import * as pulumi from '@pulumi/pulumi';
import { expect, test } from 'vitest';
import { JobStage, type ModelJob, modelJobSpec } from './model-job-spec.ts';
import { ModelJobs } from './model-jobs.ts';

const job: ModelJob = {
  model: 'bike-demand',
  stage: JobStage.gate,
  schedule: '17 3 * * *',
  image: 'registry/pipeline@sha256:00',
  serviceAccount: 'bike-demand-jobs',
  stateUrl: 's3://bucket/state',
};

test('a stage never runs twice at once, ends within an hour and is not repeated', () => {
  expect(modelJobSpec(job)).toMatchObject({
    concurrencyPolicy: 'Forbid',
    timeZone: 'Etc/UTC',
    jobTemplate: { spec: { backoffLimit: 0, activeDeadlineSeconds: 3600 } },
  });
});

test('its pod is nobody, with a read-only root and no token of the cluster', () => {
  expect(modelJobSpec(job).jobTemplate).toMatchObject({
    spec: {
      template: {
        spec: {
          automountServiceAccountToken: false,
          securityContext: { runAsNonRoot: true },
          containers: [{ args: ['gate', 'bike-demand', '--json'], securityContext: { readOnlyRootFilesystem: true } }],
        },
      },
    },
  });
});

test.each(Object.values(JobStage))('%s is a verb of causeway', (stage) => {
  const program = readFileSync(new URL('../../../apps/pipeline/src/program.ts', import.meta.url), 'utf8');
  expect(program).toMatch(new RegExp(`'${stage}( <model>)?'`));
});

test('each stage with a schedule becomes a CronJob; nobody may reach their pods', async () => {
  const registered: { type: string; name: string; inputs: Record<string, unknown> }[] = [];
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      registered.push({ type, name, inputs });
      return { id: name, state: inputs };
    },
    call: ({ inputs }) => inputs,
  });
  const { model, image, stateUrl } = job;
  const schedules = { gate: '17 3 * * *', train: '0 2 * * 0' };
  new ModelJobs(model, { model, image, stateUrl, schedules, namespace: 'models' });
  await pulumi.runtime.disconnect();
  const cronJobs = registered.filter(({ type }) => type.endsWith(':CronJob'));
  expect(cronJobs.map(({ name }) => name).sort()).toEqual(['bike-demand-gate', 'bike-demand-train']);
  const [policy] = registered.filter(({ type }) => type.endsWith(':NetworkPolicy'));
  expect(policy?.inputs.spec).toMatchObject({ ingress: [], policyTypes: ['Ingress', 'Egress'] });
});
