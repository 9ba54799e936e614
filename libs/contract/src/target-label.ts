/**
 * Labels of a pod of the service that its monitor copies to every series. The template hash never changes while a pod lives, so a canary is
 * judged by it; the variant is what people read, and changes on running pods when a canary is promoted.
 */
export const podLabels = {
  model: 'app.kubernetes.io/name',
  variant: 'variant',
  templateHash: 'rollouts-pod-template-hash',
} as const;

/** The same labels as Prometheus writes them: what is no letter, digit or underscore becomes an underscore. */
export const targetLabels = {
  model: 'app_kubernetes_io_name',
  variant: 'variant',
  templateHash: 'rollouts_pod_template_hash',
} as const satisfies Record<keyof typeof podLabels, string>;
