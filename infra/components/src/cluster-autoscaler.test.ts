import * as kubernetes from '@pulumi/kubernetes';
import { expect, it } from 'vitest';
import { ClusterAutoscaler } from './cluster-autoscaler.ts';
import { declaredBy, stackArgs } from './fixtures/declared-by.ts';

const image = `registry.example/cluster-autoscaler@sha256:${'0'.repeat(64)}`;
const { one, of } = await declaredBy(() => {
  const api = new kubernetes.Provider('cluster', { kubeconfig: '{}' });
  const args = { clusterName: 'causeway-prod-cluster', image, kubernetes: api };
  return new ClusterAutoscaler('cluster-autoscaler', { ...stackArgs('prod'), ...args });
});

it('finds the groups of its own cluster by the tags that EKS gives them', () => {
  const [container] = one('Deployment').spec.template.spec.containers;
  expect(container.image).toBe(image);
  const tags = 'k8s.io/cluster-autoscaler/enabled,k8s.io/cluster-autoscaler/causeway-prod-cluster';
  expect(container.args).toContain(`--node-group-auto-discovery=asg:tag=${tags}`);
  expect(container.env).toEqual([{ name: 'AWS_REGION', value: 'eu-central-1' }]);
});

it('takes a role of its own that no other pod can take', () => {
  const who = { namespace: 'kube-system', serviceAccount: 'cluster-autoscaler' };
  expect(one('podIdentityAssociation:PodIdentityAssociation')).toMatchObject(who);
  const [{ Condition }] = JSON.parse(one('role:Role').assumeRolePolicy).Statement;
  expect(Condition.StringEquals['aws:RequestTag/kubernetes-service-account']).toBe('cluster-autoscaler');
});

it('runs without privileges and reads no secret of the cluster', () => {
  const { securityContext, containers } = one('Deployment').spec.template.spec;
  expect(securityContext.runAsNonRoot).toBe(true);
  expect(containers[0].securityContext).toMatchObject({
    readOnlyRootFilesystem: true,
    allowPrivilegeEscalation: false,
  });
  const rules = [...Object.values(of('v1:Role')), ...Object.values(of('v1:ClusterRole'))].flatMap(({ rules }) => rules);
  expect(rules.length).toBeGreaterThan(5);
  for (const { resources } of rules) expect(resources).not.toContain('secrets');
});
