/** Label of a pod that says whose it is; the monitor of pods copies it to every metric. */
export const modelPodLabel = 'app.kubernetes.io/name';

/** The same label as Prometheus writes it: what is no letter, digit or underscore becomes an underscore. */
export const modelMetricLabel = modelPodLabel.replace(/[^a-zA-Z0-9_]/g, '_');
