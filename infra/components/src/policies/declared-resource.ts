/** A resource as a program declares it: what policies look at. */
export interface DeclaredResource {
  /** Such as `aws:s3/bucket:Bucket` or `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  /** As the program calls it. */
  readonly name: string;
  /** As other resources refer to it in their inputs; empty for a component. */
  readonly id: string;
  /** Key of the component that it is part of; null at the top of a program. */
  readonly parent: string | null;
  /** What it was given, secrets unwrapped. Numbers are as JSON has them; what was undefined is absent. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Paths of the inputs that are secrets, such as `password` or `spec.values[0]`. */
  readonly secrets: readonly string[];
  /** Name of the provider that the program chose; null for the one that the engine makes from the configuration. */
  readonly provider: string | null;
}

/** How a person names a resource in a suppression: `aws:s3/bucket:Bucket artifacts`. */
export const resourceKey = ({ type, name }: Pick<DeclaredResource, 'type' | 'name'>): string => `${type} ${name}`;
