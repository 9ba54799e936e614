/** What the API of a cluster, or a pod through it, has answered. */
export interface ClusterAnswer {
  readonly status: number;
  readonly text: string;
}

/** A way to read from a cluster. */
export interface Cluster {
  /** Reads a path of the API, such as `/version`. Rejects when no whole answer comes within 10 s. */
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<ClusterAnswer>;
  /** Reads from a port of a pod. Rejects likewise. */
  getFromPod(pod: PodAddress, path: string, headers?: Readonly<Record<string, string>>): Promise<ClusterAnswer>;
  close(): void;
}

export interface PodAddress {
  readonly namespace: string;
  readonly name: string;
  /** Address inside the cluster. */
  readonly ip: string;
  readonly port: number;
}
