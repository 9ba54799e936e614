import { type PolicyDocument, policyDocument } from './policy-document.ts';
import { addToRegistry, readRegistry, useKeyThroughBucket } from './registry-statements.ts';
import { ownTags, type Place, stackArns } from './stack-arns.ts';

/**
 * What the job may do that releases models: read the registry and add to it, for every model, which register, promote and rollback do. It
 * sees no prediction, changes nothing that stands, and deploys nothing: what serves is what champion.json pins, by the job that deploys.
 */
export function releasePolicy(place: Place): PolicyDocument {
  const { artifactBucket, keys } = stackArns(place);
  return policyDocument(
    ...readRegistry(artifactBucket),
    addToRegistry(artifactBucket, '*'),
    useKeyThroughBucket(keys, place.region, ownTags(place.stack)),
  );
}
