import { type PolicyDocument, policyDocument } from './policy-document.ts';
import {
  monitorFolder,
  onlyNew,
  ownName,
  predictionFolder,
  readRegistry,
  useKeyThroughBucket,
} from './registry-statements.ts';

/**
 * What a model's pods may do: read the registry and what the monitor found of their own model, and add to its prediction log. They change no version, move no alias,
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
    {
      Sid: 'ReadOwnFindings',
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: `${bucketArn}/${monitorFolder}/${ownName}/*`,
    },
    useKeyThroughBucket(keyArn, region),
  );
