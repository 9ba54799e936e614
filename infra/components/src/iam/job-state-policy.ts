import { type PolicyDocument, policyDocument } from './policy-document.ts';
import { addToRegistry, ownName, readRegistry, useKeyThroughBucket } from './registry-statements.ts';

/**
 * What jobs of a model may do: read the registry, and add versions, evidence and aliases of their own model to it. They remove and replace
 * nothing, and what they add of another model is refused. The champion of pods is not theirs to choose: that is what champion.json pins.
 */
export const jobStatePolicy = (bucketArn: string, keyArn: string, region: string): PolicyDocument =>
  policyDocument(...readRegistry(bucketArn), addToRegistry(bucketArn, ownName), useKeyThroughBucket(keyArn, region));
