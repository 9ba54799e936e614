import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { labelsOf } from './naming.ts';

/** Secret with the token of the clock, and its key. */
export const clockSecret = { name: 'release-clock', key: 'token' } as const;

/**
 * Who Argo Rollouts is before the cluster's API when the deadline of a release has come: an account without any right, whose token the cluster itself
 * puts into the Secret. Without a name EKS answers nothing but the health of its API, which is no JSON, as Argo Rollouts wants it.
 */
export class ReleaseClock extends pulumi.ComponentResource {
  constructor(name: string, args: { namespace: pulumi.Input<string> }, options?: pulumi.ComponentResourceOptions) {
    super('causeway:components:ReleaseClock', name, {}, options);
    const metadata = { name: clockSecret.name, namespace: args.namespace, labels: labelsOf('judge', 'judge') };
    const given = { metadata, automountServiceAccountToken: false };
    const account = new kubernetes.core.v1.ServiceAccount(name, given, { parent: this });
    const annotations = { 'kubernetes.io/service-account.name': clockSecret.name };
    new kubernetes.core.v1.Secret(
      name,
      { metadata: { ...metadata, annotations }, type: 'kubernetes.io/service-account-token' },
      { parent: this, dependsOn: account },
    );
    this.registerOutputs();
  }
}
