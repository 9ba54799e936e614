import { judgeSecret } from './judge-tokens.ts';

/** Where the judge of a namespace answers inside the cluster. */
export const judgeUrl = (namespace: string): string => `http://${judgeSecret.name}.${namespace}.svc.cluster.local`;
