import { readdirSync, readFileSync } from 'node:fs';
import * as pulumi from '@pulumi/pulumi';
import { expect, test } from 'vitest';
import { declaredBy } from './fixtures/declared-by.ts';
import { followerSpec } from './follower-spec.ts';
import { jobName, jobSteps, type ModelJob, modelJobSpec, type ScheduledKind } from './model-job-spec.ts';
import { connectionsOf, ModelJobs, type ModelJobsArgs, storeToFill } from './model-jobs.ts';

const schedule = '17 3 * * *';
const job: ModelJob & { readonly kind: ScheduledKind } = {
  model: 'bike-demand',
  source: 'rides',
  kind: 'train',
  image: 'registry/pipeline@sha256:00',
  pull: true,
  serviceAccount: 'bike-demand',
  stateUrl: 's3://bucket/state',
  secret: 'bike-demand',
  databases: [],
  cpuRequestShare: 1,
};

interface Pod {
  readonly initContainers?: readonly Container[];
  readonly containers: readonly Container[];
  readonly volumes: readonly object[];
}
interface Container {
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly valueFrom?: object }[];
  readonly imagePullPolicy: string;
  readonly volumeMounts: readonly object[];
}
const podOf = (of: typeof job): Pod =>
  (modelJobSpec(of, schedule) as { jobTemplate: { spec: { template: { spec: Pod } } } }).jobTemplate.spec.template.spec;
const following = { ...job, kind: 'ingest' } as const;
const follower = (of: ModelJob & { readonly kind: 'ingest' } = following) =>
  followerSpec(of) as { selector: { matchLabels: object }; template: { metadata: object; spec: Pod } };
const stepsOf = (of: typeof job): Container[] => [...(podOf(of).initContainers ?? []), ...podOf(of).containers];

test('a job never runs twice at once, ends within an hour and is not repeated', () => {
  expect(modelJobSpec(job, schedule)).toMatchObject({
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
  const [taking] = follower().template.spec.containers;
  expect(taking?.args).toEqual(['ingest', 'rides', '$(ONLINE_STORE)/0/rides', '--follow', '--json']);
  expect(taking?.env.map(({ name }) => name)).toContain('ONLINE_STORE');
  for (const kind of ['train', 'monitor', 'retrain'] as const)
    for (const { env } of stepsOf({ ...job, kind })) expect(env.map(({ name }) => name)).not.toContain('ONLINE_STORE');
});

test('what takes a stream runs for ever in one pod, which a new image replaces and which is begun anew when it stands still', () => {
  const { selector, template } = follower();
  expect(followerSpec(following)).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
  // Pods of jobs, which have the model's labels too, are not taken for it.
  expect(template.metadata).toMatchObject({ labels: { ...selector.matchLabels, 'causeway/job': 'ingest' } });
  expect(JSON.stringify(modelJobSpec(job, schedule))).not.toContain('causeway/job');
  expect(template.spec).toMatchObject({ restartPolicy: 'Always', automountServiceAccountToken: false });
  const [taking] = template.spec.containers;
  const beat = {
    exec: { command: ['/app/bin/node', '-e', expect.stringContaining("'/app/.causeway/following/rides'")] },
  };
  expect(taking).toMatchObject({ startupProbe: beat, readinessProbe: beat, livenessProbe: beat });
});

test('each step that reads sources is told where their databases are, by reference, and the stream only of its own', () => {
  const databases = ['RIDES_DATABASE', 'ZONES_DATABASE'];
  const asking = ({ env }: Container) => env.filter(({ name }) => databases.includes(name));
  const steps = stepsOf({ ...job, databases });
  expect(steps.filter((step) => asking(step).length === 2).map(({ args }) => args[0])).toEqual([
    ...['validate', 'features', 'train', 'gate'],
  ]);
  expect(steps.flatMap(asking)).toContainEqual({
    name: 'RIDES_DATABASE',
    valueFrom: { secretKeyRef: { name: 'bike-demand', key: 'RIDES_DATABASE' } },
  });
  expect(steps.flatMap(asking).filter((one) => 'value' in one)).toEqual([]);
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

test('connections that a model needs are in its Secret, and no others; without one nothing is declared', async () => {
  const variables = { all: ['RIDES_DATABASE', 'ZONES_DATABASE'], source: ['RIDES_DATABASE'] };
  const databases = pulumi.secret({
    RIDES_DATABASE: 'postgres://me:secret@db:5433/rides',
    ZONES_DATABASE: 'host=db',
    OTHER_DATABASE: 'host=other',
  });
  const given = { ...args, variables, databases, onlineStoreUrl: 'rediss://store:6379' };
  const { of, one } = await declaredBy(
    () => new ModelJobs('bike-demand-jobs', { ...given, schedules: { ingest: true, train: schedule } }),
  );
  expect(Object.keys(one(':Secret').stringData).sort()).toEqual([...variables.all, 'model', 'online-store']);
  expect(JSON.stringify(one(':NetworkPolicy').spec.egress)).toContain(
    '"ports":[{"port":5433,"protocol":"TCP"},{"port":5432,"protocol":"TCP"}]',
  );
  expect(JSON.stringify(of(':CronJob'))).toContain('ZONES_DATABASE');
  expect(JSON.stringify(of(':Deployment'))).toMatch(/RIDES_DATABASE(?!.*ZONES_DATABASE)/);
  expect(() => connectionsOf({ RIDES_DATABASE: 'host=db' }, variables.all)).toThrow(
    /serving.databases.ZONES_DATABASE: received nothing; .*pulumi config set --secret --path serving:databases.ZONES_DATABASE/,
  );
});

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
  expect(() => storeToFill({ ingest: true }, null)).toThrow(/serving.jobs.ingest: received true.* leave it out/);
  expect(storeToFill({ train: schedules.train, monitor: '5 * * * *' }, null)).toBeNull();
});
