import type { ChampionMove } from './move-champion.ts';

/** Text of the pull request that goes back to a former champion, as Markdown. */
export function revertBody({ model, before, target }: ChampionMove): string {
  return [
    `Brings ${model} back from version ${before?.version} to version ${target.version}, which was the champion before.`,
    '',
    `- from \`${before?.digest}\``,
    `- to \`${target.digest}\``,
    '',
    'Merging this rolls back. The gates are not asked again: they let this version pass when it was promoted.',
    '',
  ].join('\n');
}
