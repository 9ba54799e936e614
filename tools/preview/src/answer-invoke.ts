import { account, partition, region, zones } from './invented-account.ts';
import { policyDocument } from './policy-document.ts';

type Args = Readonly<Record<string, unknown>>;

/** What programs ask of a provider, and the answer from the invented account. */
const answers: Readonly<Record<string, (args: Args) => Record<string, unknown>>> = {
  'aws:index/getCallerIdentity:getCallerIdentity': () => ({
    accountId: account,
    arn: `arn:${partition}:iam::${account}:user/nobody`,
    id: account,
    userId: 'nobody',
  }),
  'aws:index/getPartition:getPartition': () => ({
    partition,
    dnsSuffix: 'amazonaws.com',
    id: partition,
    reverseDnsPrefix: 'com.amazonaws',
  }),
  'aws:index/getRegion:getRegion': () => ({ name: region, region, id: region, description: region, endpoint: '' }),
  'aws:index/getAvailabilityZones:getAvailabilityZones': () => ({
    id: region,
    names: zones,
    zoneIds: zones.map((zone) => `${zone}-id`),
    groupNames: [region],
  }),
  'aws:iam/getPolicyDocument:getPolicyDocument': policyDocument,
};

/** Answers what a program asks a provider. Throws Error for a question without an answer here, with its name. */
export function answerInvoke(token: string, args: Args): Record<string, unknown> {
  const answer = answers[token];
  if (answer !== undefined) return answer(args);
  throw new Error(`${token} is asked of a provider, and nothing here answers it; add it to answer-invoke.ts`);
}
