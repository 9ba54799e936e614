import type { Column } from '@repo/contract/source';
import { withDefinition } from '../altered.ts';
import type { Defect } from '../defect.ts';
import { flightsSource, redefined } from '../sabotage-model.ts';

/** What is wrong around a good model: its papers, its contract, or what it is judged with. */
export const promiseDefects: readonly Defect[] = [
  {
    name: 'no card',
    made: 'the model card is not there',
    red: ['paper-trail'],
    evidence: ({ honest, evidence }) => ({ ...evidence(honest), card: null }),
  },
  {
    name: 'not reproducible',
    made: 'a second training draws another seed',
    red: ['reproducible-build'],
    evidence: ({ honest, champion, evidence }) => ({ ...evidence(honest), rebuild: async () => champion.digest }),
  },
  {
    name: 'a broken contract',
    made: 'the plane, which a request could leave out, is required',
    red: ['contract-compatibility'],
    evidence: async (world) => {
      const { columns } = flightsSource;
      const tailnum = { ...(columns.tailnum as Column), nullable: false };
      const events = { ...flightsSource, columns: { ...columns, tailnum } };
      return world.evidence(
        await withDefinition(world, 'contract', world.honest, redefined(world.honest.model, { events })),
      );
    },
  },
  {
    name: 'a gate that throws',
    made: 'the online store cannot be reached, so that serving-skew cannot finish',
    red: ['serving-skew'],
    evidence: ({ honest, evidence }) => ({
      ...evidence(honest),
      served: () => Promise.reject(new Error('the online store does not answer')),
    }),
  },
];
