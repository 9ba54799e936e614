import type { Defect } from '../defect.ts';

/** No defects: what the gates must let pass. */
export const honest: readonly Defect[] = [
  {
    name: 'the champion itself',
    made: 'nothing is changed',
    red: [],
    evidence: ({ champion, evidence }) => evidence(champion),
  },
  {
    name: 'an honest candidate',
    made: 'the same definition is trained with another seed, and a second time from the same lineage',
    red: [],
    evidence: (world) => {
      const { honest, size } = world;
      // The full model takes a minute to train, and the suite `champion` trains it again already.
      const rebuild = size === 'full' ? null : async () => (await world.train('rebuilt', honest.model)).digest;
      return { ...world.evidence(honest), rebuild };
    },
  },
];
