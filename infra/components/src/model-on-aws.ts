import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { namedTags, physicalName } from './naming.ts';
import type { StackArgs } from './stack-args.ts';

export interface ModelOnAwsArgs extends StackArgs {
  readonly model: string;
  readonly clusterName: pulumi.Input<string>;
  readonly namespace: pulumi.Input<string>;
  /** Of the model's pods; its name is their folder of prediction logs, and what their jobs may add to in the registry. */
  readonly serviceAccount: string;
  /** What the pods may do, as the program storage promises it. */
  readonly roleArn: pulumi.Input<string>;
  /** Where jobs of the model run, as an account of the same name, and what these may do. Left out: it has none. */
  readonly jobs?: { readonly namespace: pulumi.Input<string>; readonly roleArn: pulumi.Input<string> } | undefined;
  readonly vpcId: pulumi.Input<string>;
  /** Of the load balancer, and the group of machines behind it, as the program cluster promises them. */
  readonly listenerArn: pulumi.Input<string>;
  readonly edgeGroupName: pulumi.Input<string>;
  /** By which each node offers the model's service. */
  readonly nodePort: pulumi.Input<number>;
}

/** What a model gets from AWS besides its objects in the cluster: a role for its pods, one for its jobs, and its path at the load balancer. */
export class ModelOnAws extends pulumi.ComponentResource {
  constructor(name: string, args: ModelOnAwsArgs, options?: pulumi.ComponentResourceOptions) {
    super('causeway:components:ModelOnAws', name, {}, options);
    const { stack, model, clusterName, namespace, serviceAccount, roleArn, edgeGroupName, listenerArn } = args;
    const tags = namedTags(args.tags, physicalName(stack, model));
    const parent = { parent: this };
    const who = { clusterName, namespace, serviceAccount, roleArn, tags };
    new aws.eks.PodIdentityAssociation(name, who, parent);
    if (args.jobs) new aws.eks.PodIdentityAssociation(`${name}-jobs`, { ...who, ...args.jobs }, parent);
    const target = new aws.lb.TargetGroup(name, { ...targetArgs(args), tags }, parent);
    const nodes = { autoscalingGroupName: edgeGroupName, lbTargetGroupArn: target.arn };
    new aws.autoscaling.Attachment(name, nodes, parent);
    const paths = { pathPattern: { values: [`/v2/models/${model}`, `/v2/models/${model}/*`] } };
    const forward = { type: 'forward', targetGroupArn: target.arn };
    new aws.lb.ListenerRule(name, { listenerArn, conditions: [paths], actions: [forward], tags }, parent);
    this.registerOutputs();
  }
}

/** The balancer asks nodes, and kube-proxy picks a ready pod: a node is healthy as long as the model is anywhere. */
const targetArgs = ({ stack, model, vpcId, nodePort }: ModelOnAwsArgs): aws.lb.TargetGroupArgs => ({
  name: physicalName(stack, model, 32),
  vpcId,
  targetType: 'instance',
  protocol: 'HTTP',
  port: nodePort,
  loadBalancingAlgorithmType: 'least_outstanding_requests',
  deregistrationDelay: 30,
  healthCheck: {
    path: '/v2/health/ready',
    matcher: '200',
    interval: 10,
    timeout: 5,
    healthyThreshold: 2,
    unhealthyThreshold: 3,
  },
});
