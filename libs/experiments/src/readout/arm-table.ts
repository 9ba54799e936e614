import type { ExperimentReadout } from './experiment-readout.ts';

/** Titles of the table of arms. */
export const armTitles = ['arm', 'version', 'weight', 'units', 'answers', 'labelled'];

/** The arms of a readout as rows of a table, one each, under {@link armTitles}; an arm whose version nobody saw has a dash there. */
export const armRows = (arms: ExperimentReadout['arms']) =>
  arms.map((arm) => [
    arm.name,
    arm.versions.join(', ') || '-',
    `${arm.weight} %`,
    arm.units,
    arm.answers,
    arm.labelled,
  ]);
