type Values = string | readonly string[];

/** One statement of an IAM document, in the words of IAM. */
export interface Statement {
  /** Says what it is for; errors of AWS and the tests name it. */
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  /** Who; only in documents that hang on a resource, or that say who may take a role. */
  readonly Principal?: '*' | Readonly<Record<string, Values>>;
  readonly Action: Values;
  /** On what; left out only where a role says who may take it. */
  readonly Resource?: Values;
  /** By operator, by key: every key must hold, one value of each suffices. */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, Values>>>>;
}

/** An IAM document: a role's policy, a role's trust, or the policy of a bucket or key. */
export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

/** A document of these statements. The version is the only one in which variables such as `${aws:PrincipalTag/x}` are replaced. */
export const policyDocument = (...statements: readonly Statement[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: statements,
});
