import { type PolicyDocument, policyDocument } from './policy-document.ts';

/** Folder of a bucket below which registry and aliases lie, as CAUSEWAY_STATE names it. */
export const stateFolder = 'state';
/** Folder below which each service account has its own for prediction logs. */
export const predictionFolder = 'predictions';

/**
 * What a model's pods may do: read the registry, and add to the prediction log of their own service account, which Pod Identity writes into
 * the session. They change no version, move no alias, and read nobody's log; names of objects they see.
 */
export function modelStatePolicy(bucketArn: string, keyArn: string, region: string): PolicyDocument {
  const ownLog = `${predictionFolder}/\${aws:PrincipalTag/kubernetes-service-account}`;
  return policyDocument(
    {
      Sid: 'ReadRegistry',
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: `${bucketArn}/${stateFolder}/*`,
    },
    // Without it S3 says refused of an object that is not there, and a condition on the prefix would not hold for that question.
    { Sid: 'ListNames', Effect: 'Allow', Action: 's3:ListBucket', Resource: bucketArn },
    {
      Sid: 'AddToOwnPredictionLog',
      Effect: 'Allow',
      Action: 's3:PutObject',
      Resource: `${bucketArn}/${ownLog}/*`,
    },
    {
      Sid: 'UseKeyThroughBucket',
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: keyArn,
      Condition: { StringEquals: { 'kms:ViaService': `s3.${region}.amazonaws.com` } },
    },
  );
}
