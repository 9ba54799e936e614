import type { types } from '@pulumi/kubernetes';
import { expect, test } from 'vitest';
import { exampleModel } from './example-model.ts';
import { type PodSettings, podSelector, podTemplate } from './pod-template.ts';

const settings: PodSettings = {
  image: 'registry/inference@sha256:00',
  pull: true,
  serviceAccount: 'bike-demand',
  championConfigMap: 'bike-demand-champion-00000000',
  secret: 'bike-demand',
  cpuRequestShare: 1,
  stateUrl: 's3://bucket/state',
  onlineStoreMark: 'none',
};

/** The template's parts as plain objects: nothing in them is an Output. */
function parts(changes: Partial<PodSettings> = {}, model = exampleModel) {
  const template = podTemplate(model, { ...settings, ...changes });
  const spec = template.spec as types.output.core.v1.PodSpec;
  const [container] = spec.containers;
  if (container === undefined) throw new Error('no container');
  return { labels: template.metadata as types.output.meta.v1.ObjectMeta, spec, container };
}

test('the pod passes the level restricted: nobody, no capability, nothing to escalate to, a read-only root', () => {
  const { spec, container } = parts();
  expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
  expect(container.securityContext).toEqual({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  });
  expect([spec.automountServiceAccountToken, spec.hostNetwork, spec.hostPID]).toEqual([false, undefined, undefined]);
});

test('all that is not mounted read-only is one folder of bounded size', () => {
  const { spec, container } = parts();
  const written = container.volumeMounts.filter(({ readOnly }) => readOnly !== true).map(({ name }) => name);
  expect(written).toEqual(['state']);
  expect(spec.volumes.find(({ name }) => name === 'state')?.emptyDir).toEqual({ sizeLimit: '1Gi' });
});

test('memory and processors come from the definition; what is reserved of the processors may be less than their limit', () => {
  const model = { ...exampleModel, resources: { ...exampleModel.resources, cpu: 1.5, memoryMiB: 700 } };
  const { resources } = parts({ cpuRequestShare: 0.1 }, model).container;
  expect(resources.limits).toMatchObject({ cpu: '1500m', memory: '700Mi' });
  expect(resources.requests).toMatchObject({ cpu: '150m', memory: '700Mi' });
});

test('a whole number of processors is written as Kubernetes writes it, or the next up would find it changed', () => {
  expect(parts().container.resources.limits).toMatchObject({ cpu: '1' });
});

test('probes ask the service by HTTP; one that does not start in 10 minutes is given up', () => {
  const { startupProbe, readinessProbe, livenessProbe } = parts().container;
  expect(startupProbe.httpGet.path).toBe('/v2/health/ready');
  expect((startupProbe.periodSeconds ?? 0) * (startupProbe.failureThreshold ?? 0)).toBe(600);
  expect(readinessProbe.httpGet.path).toBe('/v2/health/ready');
  expect(livenessProbe.httpGet.path).toBe('/v2/health/live');
});

test('the champion is a folder of its own below the models, so that the pod serves what it pins', () => {
  const { spec, container } = parts();
  expect(container.env).toContainEqual({ name: 'MODELS_DIR', value: '/etc/causeway/models' });
  expect(container.volumeMounts).toContainEqual({
    name: 'champion',
    mountPath: '/etc/causeway/models/bike-demand',
    readOnly: true,
  });
  expect(spec.volumes).toContainEqual({ name: 'champion', configMap: { name: 'bike-demand-champion-00000000' } });
});

test('a shared online store is read from the secret where it is there, and changes the pods when it changes', () => {
  const { container } = parts();
  const [store] = container.env.filter(({ name }) => name === 'ONLINE_STORE');
  expect(store?.valueFrom.secretKeyRef).toEqual({ name: 'bike-demand', key: 'online-store', optional: true });
  expect(parts({ onlineStoreMark: 'b' }).labels.annotations).not.toEqual(parts().labels.annotations);
});

test('pods are found by labels that they carry, and spread over zones and nodes', () => {
  const { labels, spec } = parts();
  expect(labels.labels).toMatchObject(podSelector('bike-demand'));
  expect(spec.topologySpreadConstraints.map(({ topologyKey }) => topologyKey)).toEqual([
    'topology.kubernetes.io/zone',
    'kubernetes.io/hostname',
  ]);
});

test('only a node that was given the image is told never to ask for it', () => {
  expect([parts().container.imagePullPolicy, parts({ pull: false }).container.imagePullPolicy]).toEqual([
    'IfNotPresent',
    'Never',
  ]);
});
