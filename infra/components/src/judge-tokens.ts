import { randomBytes } from 'node:crypto';
import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { sha256 } from '@repo/contract/canonical-json';
import { labelsOf } from './naming.ts';

/** Name of the Secret, and its keys: what Argo Rollouts sends to the judge, and what the judge sends to the pods. */
export const judgeSecret = { name: 'judge', askJudge: 'ask-judge', readPredictions: 'read-predictions' } as const;

/** The two tokens around a judge. Nobody has to know them: they are made here once and kept in a Secret of the cluster. */
export class JudgeTokens extends pulumi.ComponentResource {
  /** SHA-256 of each, hexadecimal; secrets. */
  readonly askJudgeSha256: pulumi.Output<string>;
  readonly readPredictionsSha256: pulumi.Output<string>;

  constructor(name: string, args: { namespace: pulumi.Input<string> }, options?: pulumi.ComponentResourceOptions) {
    super('causeway:components:JudgeTokens', name, {}, options);
    const { askJudge, readPredictions } = judgeSecret;
    const made = () => Buffer.from(randomBytes(32).toString('hex')).toString('base64');
    const metadata = { name: judgeSecret.name, namespace: args.namespace, labels: labelsOf('judge', 'judge') };
    // Each run makes others, which are ignored once there are some.
    const secret = new kubernetes.core.v1.Secret(
      name,
      { metadata, data: { [askJudge]: made(), [readPredictions]: made() } },
      { parent: this, ignoreChanges: ['data'] },
    );
    const digestOf = (key: string) =>
      pulumi.secret(secret.data.apply((data) => sha256(Buffer.from(data[key] ?? '', 'base64').toString())));
    this.askJudgeSha256 = digestOf(askJudge);
    this.readPredictionsSha256 = digestOf(readPredictions);
    this.registerOutputs();
  }
}
