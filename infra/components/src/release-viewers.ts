import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { viewersGroup } from './cluster-access.ts';
import { labelsOf } from './naming.ts';

/** What `causeway watch` reads besides what Kubernetes itself has. */
const rules = [
  { apiGroups: ['argoproj.io'], resources: ['rollouts', 'analysisruns'], verbs: ['get', 'list', 'watch'] },
];

/** Lets whoever may look at the cluster follow the releases of a namespace: the policies of EKS know nothing of Argo Rollouts. */
export class ReleaseViewers extends pulumi.ComponentResource {
  constructor(name: string, args: { namespace: pulumi.Input<string> }, options?: pulumi.ComponentResourceOptions) {
    super('causeway:components:ReleaseViewers', name, {}, options);
    const metadata = { name, namespace: args.namespace, labels: labelsOf('release', 'access') };
    const role = new kubernetes.rbac.v1.Role(name, { metadata, rules }, { parent: this });
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: role.metadata.name };
    const subjects = [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: viewersGroup }];
    new kubernetes.rbac.v1.RoleBinding(name, { metadata, roleRef, subjects }, { parent: this });
    this.registerOutputs();
  }
}
