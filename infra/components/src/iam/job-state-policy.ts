import { type PolicyDocument, policyDocument } from './policy-document.ts';
import {
  addToRegistry,
  lakeFolder,
  monitorFolder,
  onlyNew,
  ownName,
  predictionFolder,
  readRegistry,
  retrainFolder,
  useKeyThroughBucket,
} from './registry-statements.ts';

/**
 * What jobs of a model may do: read the registry, and add versions, evidence and aliases of their own model to it; read the prediction log of
 * their own model, the data of all sources, and add to what is known of both: batches of data, which are shared, windows and findings of their
 * model, and its retrainings. They remove and replace nothing, and what they add of another model is refused. The champion of pods is not
 * theirs to choose: that is what champion.json pins.
 */
export const jobStatePolicy = (bucketArn: string, keyArn: string, region: string): PolicyDocument => {
  const kept = [`${lakeFolder}/*`, `${monitorFolder}/${ownName}/*`, `${retrainFolder}/${ownName}/*`].map(
    (folder) => `${bucketArn}/${folder}`,
  );
  return policyDocument(
    ...readRegistry(bucketArn),
    addToRegistry(bucketArn, ownName),
    {
      Sid: 'ReadOwnLogAndData',
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: [`${bucketArn}/${predictionFolder}/${ownName}/*`, ...kept],
    },
    { Sid: 'AddDataAndFindings', Effect: 'Allow', Action: 's3:PutObject', Resource: kept, Condition: onlyNew },
    useKeyThroughBucket(keyArn, region),
  );
};
