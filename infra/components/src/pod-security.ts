import type { types } from '@pulumi/kubernetes';

/** User and group of our images. */
const nonRoot = 65_532;

/** Of every pod of ours: what the pod security level `restricted` asks for, and files that the group may write to volumes only. */
export const podSecurity: types.input.core.v1.PodSecurityContext = {
  runAsNonRoot: true,
  runAsUser: nonRoot,
  runAsGroup: nonRoot,
  fsGroup: nonRoot,
  seccompProfile: { type: 'RuntimeDefault' },
};

/** Of every container of ours; the level asks for all but the read-only root. */
export const containerSecurity: types.input.core.v1.SecurityContext = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};
