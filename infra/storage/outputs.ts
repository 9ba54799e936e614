/** What the program storage promises to the others. */
export interface StorageOutputs {
  /** CAUSEWAY_STATE of pods: `s3://bucket/prefix`, or `file:<path>` of a folder in the pod on the stack local. */
  readonly stateUrl: string;
  /** ONLINE_STORE of pods; a secret. Null: each pod has its own, made from what lies in its image. */
  readonly onlineStoreUrl: string | null;
  /** Of the bucket behind stateUrl. Null on the stack local. */
  readonly artifactBucketArn: string | null;
  /** Where images of the service are pushed. Null on the stack local, whose nodes have them already. */
  readonly imageRepositoryUrl: string | null;
  /** Where images of the command `causeway` are pushed, which jobs run. Null on the stack local. */
  readonly pipelineRepositoryUrl: string | null;
  /** What pods of the namespace `models` may take; `ModelOnAws` gives it to a model's service account. Null on the stack local. */
  readonly modelRoleArn: string | null;
  /** What pods of the namespace `jobs` may take, likewise. Null on the stack local. */
  readonly jobRoleArn: string | null;
}
