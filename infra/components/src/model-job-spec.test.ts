import { expect, test } from 'vitest';
import { JobStage, jobSelector, type ModelJob, modelJobSpec } from './model-job-spec.ts';

const job: ModelJob = {
  model: 'bike-demand',
  stage: JobStage.train,
  schedule: '0 2 * * 0',
  image: `registry/pipeline@sha256:${'a'.repeat(64)}`,
  serviceAccount: 'bike-demand-jobs',
  stateUrl: 's3://bucket/state',
};
// biome-ignore lint/suspicious/noExplicitAny: a test knows what it asks of the spec
const spec = modelJobSpec(job) as any;
const template = spec.jobTemplate.spec.template;
const [container] = template.spec.containers;

test('it runs the stage of that model as the account of the jobs, against the state that it is given', () => {
  expect(spec.schedule).toBe('0 2 * * 0');
  expect(container).toMatchObject({ name: 'train', image: job.image, args: ['train', 'bike-demand', '--json'] });
  expect(container.env).toEqual([{ name: 'CAUSEWAY_STATE', value: 's3://bucket/state' }]);
  expect(template.spec.serviceAccountName).toBe('bike-demand-jobs');
});

test('it writes nowhere but into a folder of its own, which ends with it', () => {
  expect(container.volumeMounts).toEqual([{ name: 'work', mountPath: '/app/.causeway' }]);
  expect(template.spec.volumes).toEqual([{ name: 'work', emptyDir: { sizeLimit: expect.any(String) } }]);
  expect(container.securityContext).toMatchObject({ readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } });
});

test('as much memory is reserved as it may take', () => {
  const { requests, limits } = container.resources;
  expect(requests.memory).toBe(limits.memory);
});

test('its pods are found as jobs of the model, and by no selector of the service', () => {
  expect(template.metadata.labels).toMatchObject(jobSelector('bike-demand'));
  expect(jobSelector('bike-demand')).toMatchObject({ 'app.kubernetes.io/component': 'job' });
});

test('a failed run is kept to be looked at, and is gone within a week', () => {
  expect(spec.failedJobsHistoryLimit).toBeGreaterThan(0);
  expect(spec.jobTemplate.spec).toMatchObject({ backoffLimit: 0, ttlSecondsAfterFinished: 604_800 });
  expect(template.spec.restartPolicy).toBe('Never');
});
