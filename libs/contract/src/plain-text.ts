// Controls, directions, joiners, lone surrogates, private and unassigned characters, and whatever else draws nothing.
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}]/gu;
// More than three marks on one letter pile up over the neighbouring lines.
const piledMarks = /(\p{M}{3})\p{M}+/gu;

const asCode = (c: string): string => `[U+${(c.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}]`;

/**
 * A text from outside as one line that shows all that it holds: white space is one space, a character that cannot be seen is written as its
 * code (`[U+202E]`), and what exceeds `maxChars` (default 2000) ends in an ellipsis. For every place that takes plain text; {@link markdownText} is for Markdown.
 */
export function plainText(text: string, maxChars = 2000): string {
  // Cut before it is copied: the text may be a whole log.
  const shown = text
    .slice(0, 4 * maxChars)
    .replace(/\s+/gu, ' ')
    .trim()
    .replace(hidden, asCode)
    .replace(piledMarks, '$1')
    // A mark with nothing to stand on would join what comes before the text.
    .replace(/^\p{M}/u, '\u25cc$&');
  if (shown.length <= maxChars && text.length <= 4 * maxChars) return shown;
  if (maxChars < 1) return '';
  return `${shown.slice(0, maxChars - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
