import { type PolicyDocument, policyDocument } from './policy-document.ts';
import { onlyNew, ownName, predictionFolder, readRegistry, useKeyThroughBucket } from './registry-statements.ts';

/**
 * What a model's pods may do: read the registry, and add to the prediction log of their own model. They change no version, move no alias,
 * replace nothing, and read nobody's log; names of objects they see.
 */
export const modelStatePolicy = (bucketArn: string, keyArn: string, region: string): PolicyDocument =>
  policyDocument(
    ...readRegistry(bucketArn),
    {
      Sid: 'AddToOwnPredictionLog',
      Effect: 'Allow',
      Action: 's3:PutObject',
      Resource: `${bucketArn}/${predictionFolder}/${ownName}/*`,
      Condition: onlyNew,
    },
    useKeyThroughBucket(keyArn, region),
  );
