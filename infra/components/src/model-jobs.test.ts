import { readdirSync, readFileSync } from 'node:fs';
import * as pulumi from '@pulumi/pulumi';
import { expect, test } from 'vitest';
import { declaredBy } from './fixtures/declared-by.ts';
import { jobName, jobSteps, type ModelJob, modelJobSpec } from './model-job-spec.ts';
import { ModelJobs, type ModelJobsArgs, storeToFill } from './model-jobs.ts';

const job: ModelJob = {
  model: 'bike-demand',
  source: 'rides',
  kind: 'train',
  schedule: '17 3 * * *',
  image: 'registry/pipeline@sha256:00',
  pull: true,
  serviceAccount: 'bike-demand',
  stateUrl: 's3://bucket/state',
  secret: 'bike-demand',
  cpuRequestShare: 1,
};

interface Pod {
  readonly initContainers?: readonly Container[];
  readonly containers: readonly Container[];
  readonly volumes: readonly object[];
}
interface Container {
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string }[];
  readonly imagePullPolicy: string;
  readonly volumeMounts: readonly object[];
}
const podOf = (of: ModelJob): Pod =>
  (modelJobSpec(of) as { jobTemplate: { spec: { template: { spec: Pod } } } }).jobTemplate.spec.template.spec;
const stepsOf = (of: ModelJob): Container[] => [...(podOf(of).initContainers ?? []), ...podOf(of).containers];

test('a job never runs twice at once, ends within an hour and is not repeated', () => {
  expect(modelJobSpec(job)).toMatchObject({
    concurrencyPolicy: 'Forbid',
    timeZone: 'Etc/UTC',
    jobTemplate: { spec: { backoffLimit: 0, activeDeadlineSeconds: 3600 } },
  });
});

test('training runs the stages in order, over one folder, and registers what the gates let pass', () => {
  const steps = stepsOf(job);
  expect(steps.map(({ args }) => args)).toEqual(
    ['validate', 'features', 'train', 'gate', 'register'].map((verb) => [verb, 'bike-demand', '--json']),
  );
  expect(podOf(job).containers).toHaveLength(1);
  for (const { volumeMounts } of steps) expect(volumeMounts).toEqual([{ name: 'work', mountPath: '/app/.causeway' }]);
  expect(podOf(job).volumes).toEqual([{ name: 'work', emptyDir: { sizeLimit: '8Gi' } }]);
});

test('only jobs that fill the online store, or take a stream from its server, are told where it is', () => {
  const filling = stepsOf({ ...job, kind: 'materialize' });
  expect(filling.map(({ args }) => args)).toEqual([['materialize', 'bike-demand', '--at', 'now', '--json']]);
  expect(filling[0]?.env.map(({ name }) => name)).toContain('ONLINE_STORE');
  const [taking] = stepsOf({ ...job, kind: 'ingest' });
  expect(taking?.args).toEqual(['ingest', 'rides', '$(ONLINE_STORE)/0/rides', '--follow', '--json']);
  expect(taking?.env.map(({ name }) => name)).toContain('ONLINE_STORE');
  for (const kind of ['train', 'monitor', 'retrain'] as const)
    for (const { env } of stepsOf({ ...job, kind })) expect(env.map(({ name }) => name)).not.toContain('ONLINE_STORE');
});

test('what takes a stream runs without an end, and is there once', () => {
  const spec = modelJobSpec({ ...job, kind: 'ingest' }) as { jobTemplate: { spec: object } };
  expect(spec).toMatchObject({ concurrencyPolicy: 'Forbid' });
  expect(spec.jobTemplate.spec).not.toHaveProperty('activeDeadlineSeconds');
});

test.each(['monitor', 'retrain'] as const)('%s is one verb about the model', (kind) => {
  expect(stepsOf({ ...job, kind }).map(({ args }) => args)).toEqual([[kind, 'bike-demand', '--json']]);
});

test('its pod is nobody, with a read-only root and no token of the cluster', () => {
  const pod = podOf(job);
  expect(pod).toMatchObject({ automountServiceAccountToken: false, securityContext: { runAsNonRoot: true } });
  for (const step of stepsOf(job)) expect(step).toMatchObject({ securityContext: { readOnlyRootFilesystem: true } });
});

test('where nodes were given the image, no registry is asked', () => {
  expect(stepsOf({ ...job, pull: false })[0]?.imagePullPolicy).toBe('Never');
  expect(stepsOf(job)[0]?.imagePullPolicy).toBe('IfNotPresent');
});

test.each(Object.values(jobSteps).flat())('%s is a verb of causeway', (verb) => {
  const folder = new URL('../../../apps/pipeline/src/', import.meta.url);
  const declaring = readdirSync(folder).filter((file) => /^(program|declare-.+(?<!\.test))\.ts$/.test(file));
  const text = declaring.map((file) => readFileSync(new URL(file, folder), 'utf8')).join('\n');
  expect(text).toMatch(new RegExp(`'${verb}( [<[](model|source)[>\\]].*)?'`));
});

test('the longest name of a model still names its jobs, each differently', () => {
  const longest = `a${'b'.repeat(49)}`;
  const names = [jobName(longest, 'train'), jobName(longest, 'materialize'), jobName(`${longest.slice(1)}c`, 'train')];
  for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9-]{0,50}[a-z0-9]$/);
  expect(new Set(names).size).toBe(3);
  expect(jobName('bike-demand', 'train')).toBe('bike-demand-train');
});

const { model, source, image, stateUrl } = job;
const args: ModelJobsArgs = { model, source, image, stateUrl, schedules: {}, namespace: 'jobs' };
const schedules = { train: '0 2 * * 0', materialize: '*/15 * * * *' };

test('each kind with a schedule becomes a CronJob, as an account of the name of the model', async () => {
  const onlineStoreUrl = pulumi.secret('rediss://:secret@store:6379');
  const { of, one } = await declaredBy(() => new ModelJobs('bike-demand-jobs', { ...args, schedules, onlineStoreUrl }));
  expect(Object.keys(of(':CronJob')).sort()).toEqual(['bike-demand-jobs-materialize', 'bike-demand-jobs-train']);
  expect(one(':ServiceAccount').metadata).toMatchObject({ name: 'bike-demand', namespace: 'jobs' });
  expect(one(':Secret').stringData).toEqual({ model: 'bike-demand', 'online-store': 'rediss://:secret@store:6379' });
});

test('their Secret is never empty, as the API server would not keep that and the next up would want to add it', async () => {
  const { one } = await declaredBy(() => new ModelJobs('bike-demand-jobs', { ...args, onlineStoreUrl: null }));
  expect(one(':Secret').stringData).toEqual({ model: 'bike-demand' });
});

test('nobody may reach their pods, and they reach the bucket and the online store', async () => {
  const onlineStoreUrl = 'rediss://:secret@store:6379';
  const { one } = await declaredBy(() => new ModelJobs('bike-demand-jobs', { ...args, schedules, onlineStoreUrl }));
  const { ingress, egress, policyTypes } = one(':NetworkPolicy').spec;
  expect([ingress, policyTypes]).toEqual([[], ['Ingress', 'Egress']]);
  expect(JSON.stringify(egress)).toContain('6379');
  const local = await declaredBy(
    () => new ModelJobs('bike-demand-jobs', { ...args, stateUrl: 'file:.causeway/state' }),
  );
  expect(local.one(':NetworkPolicy').spec.egress).toEqual([]);
});

test('a schedule that fills a store which the stack does not have is refused', () => {
  expect(() => storeToFill(schedules, null)).toThrow(/serving.jobs.materialize: received \*\/15 .* leave it out/);
  expect(() => storeToFill({ ingest: '* * * * *' }, null)).toThrow(/serving.jobs.ingest: received \* .* leave it out/);
  expect(storeToFill({ train: schedules.train, monitor: '5 * * * *' }, null)).toBeNull();
});
