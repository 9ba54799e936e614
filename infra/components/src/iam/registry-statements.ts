import type { Statement } from './policy-document.ts';

/** Folder of a bucket that CAUSEWAY_STATE names. */
export const stateFolder = 'state';
/** Where in it the registry lies. */
const registryFolder = `${stateFolder}/registry`;
/** Folder below which each model has its own for prediction logs. */
export const predictionFolder = `${stateFolder}/predictions`;
/** Folder below which each model has its own for what `causeway monitor` makes: windows, findings, pages. */
export const monitorFolder = `${stateFolder}/monitor`;
/** Folder below which each model has its own for its retrainings. */
export const retrainFolder = `${stateFolder}/retrain`;
/** Folder below which each source has its own for its batches and snapshots. */
export const lakeFolder = `${stateFolder}/lake`;

/** Name of the service account of whoever asks, which Pod Identity writes into the session: pods and jobs of a model go by the model's name. */
export const ownName = `\${aws:PrincipalTag/kubernetes-service-account}`;

/**
 * Holds of a write that fails where the object is there already. Nothing in the state is ever written twice, and so no role replaces it
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html).
 */
export const onlyNew: NonNullable<Statement['Condition']> = { Null: { 's3:if-none-match': 'false' } };

/** Reading versions, aliases and bundles of every model: gates compare with them, and their names are no secret. */
export const readRegistry = (bucketArn: string): readonly Statement[] => [
  { Sid: 'ReadRegistry', Effect: 'Allow', Action: 's3:GetObject', Resource: `${bucketArn}/${registryFolder}/*` },
  // Without it S3 says refused of an object that is not there, and a condition on the prefix would not hold for that question.
  { Sid: 'ListNames', Effect: 'Allow', Action: 's3:ListBucket', Resource: bucketArn },
];

/** Adding to the registry: contents, which are named by their digest, and the versions, aliases and evidence of some models (`*`: of all). */
export const addToRegistry = (bucketArn: string, models: string): Statement => ({
  Sid: 'AddToRegistry',
  Effect: 'Allow',
  Action: 's3:PutObject',
  Resource: [`${bucketArn}/${registryFolder}/blobs/*`, `${bucketArn}/${registryFolder}/models/${models}/*`],
  Condition: onlyNew,
});

/** The key of the bucket, through S3 alone. `bound` narrows it further. */
export const useKeyThroughBucket = (
  keyArn: string,
  region: string,
  bound: Readonly<Record<string, string>> = {},
): Statement => ({
  Sid: 'UseKeyThroughBucket',
  Effect: 'Allow',
  Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
  Resource: keyArn,
  Condition: { StringEquals: { 'kms:ViaService': `s3.${region}.amazonaws.com`, ...bound } },
});
