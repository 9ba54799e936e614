import { expect, it } from 'vitest';
import { declaredBy, stackArgs } from './fixtures/declared-by.ts';
import { ModelOnAws } from './model-on-aws.ts';

const { one, of } = await declaredBy(
  () =>
    new ModelOnAws('flight-delay', {
      ...stackArgs('prod'),
      model: 'flight-delay',
      clusterName: 'causeway-prod-cluster',
      namespace: 'models',
      serviceAccount: 'flight-delay',
      roleArn: 'arn:role',
      jobs: { namespace: 'jobs', roleArn: 'arn:job-role' },
      vpcId: 'vpc',
      listenerArn: 'arn:listener',
      edgeGroupName: 'asg-general',
      nodePort: 30_100,
    }),
);

it('gives each role to the service account of the model in its namespace', () => {
  const { 'flight-delay': pods, 'flight-delay-jobs': jobs } = of('podIdentityAssociation:PodIdentityAssociation');
  expect(pods).toMatchObject({ namespace: 'models', serviceAccount: 'flight-delay', roleArn: 'arn:role' });
  expect(jobs).toMatchObject({ namespace: 'jobs', serviceAccount: 'flight-delay', roleArn: 'arn:job-role' });
});

it('sends the paths of the model, and no others, to its port on the nodes', () => {
  const rule = one('listenerRule:ListenerRule');
  expect(rule.listenerArn).toBe('arn:listener');
  expect(rule.conditions).toEqual([
    { pathPattern: { values: ['/v2/models/flight-delay', '/v2/models/flight-delay/*'] } },
  ]);
  expect(one('targetGroup:TargetGroup')).toMatchObject({ port: 30_100, healthCheck: { path: '/v2/health/ready' } });
  const nodes = one('attachment:Attachment');
  expect(nodes).toEqual({ autoscalingGroupName: 'asg-general', lbTargetGroupArn: rule.actions[0].targetGroupArn });
});
