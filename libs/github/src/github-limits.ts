/** Most characters of a check run's summary; a comment's or pull request's body may have one more. */
const mostBodyCharacters = 65_535;
/** Most characters of the title of a pull request or check run. */
const mostTitleCharacters = 255;

const note = '\n\n… cut here: GitHub takes no more. The whole report is in the artifact of the run.';

/** Cuts at a length in UTF-16 units, and never within a character. */
function cutAt(text: string, length: number): string {
  const cut = text.slice(0, length);
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
}

/**
 * A body within GitHub's limit. Renderers keep within it themselves, by leaving out rows; this is the net below them, so it keeps the
 * beginning, where the verdict stands.
 */
export function withinLimit(body: string): string {
  if (body.length <= mostBodyCharacters) return body;
  return cutAt(body, mostBodyCharacters - note.length) + note;
}

/**
 * A title on one line, within GitHub's limit. Control characters and those that turn the direction of writing are taken out: a title
 * cannot be escaped, and must not look like another.
 */
export function plainTitle(text: string): string {
  const plain = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return plain.length <= mostTitleCharacters ? plain : `${cutAt(plain, mostTitleCharacters - 1)}…`;
}
