import { markdownText } from '@repo/contract/markdown-text';
import { type ModelResult, modelOf, outcomeOf, type UnjudgedModel, worstFirst } from './model-result.ts';
import { outcomeLooks } from './outcome-look.ts';
import { leastChars, type MarkdownOptions, renderMarkdown, verdictLine } from './render-markdown.ts';
import { countSentence } from './verdict-sentence.ts';

/** A model without a report, its problem's lines kept apart as far as they fit. */
function problemText({ model, problem }: UnjudgedModel, maxBytes: number): string {
  const { emoji, word } = outcomeLooks.fail;
  const first = `${emoji} **${word}**: ${markdownText(model, 200)} could not be judged.`;
  const lines: string[] = [];
  let room = maxBytes - Buffer.byteLength(first) - 2;
  for (const line of problem.split('\n').filter((text) => text.trim() !== '')) {
    const text = markdownText(line, Math.max(0, Math.min(room, 1000)));
    room -= Buffer.byteLength(text) + '<br>\n'.length;
    if (text === '' || room < 0) break;
    lines.push(text);
  }
  return lines.length === 0 ? first : `${first}\n\n${lines.join('<br>\n')}`;
}

/** A model in the least room: verdict, and the names of the gates that block. */
function compact(result: ModelResult): string {
  if (!('report' in result)) return problemText(result, 600);
  const names = result.verdict.blocking.map(({ gate, outcome }) => `\`${gate}\` (${outcome})`);
  const line = verdictLine(result.report, result.verdict);
  return names.length === 0 ? line : `${line}\n\nBlocking: ${names.join(', ')}`;
}

function sectionText(result: ModelResult, maxBytes: number): string {
  if (!('report' in result)) return problemText(result, Math.min(maxBytes, 4000));
  if (maxBytes < leastChars) return compact(result);
  return renderMarkdown(result.report, result.verdict, { maxChars: maxBytes }).trimEnd();
}

const heading = (result: ModelResult): string => `### ${markdownText(modelOf(result), 200)}\n\n`;

/** How many models, from the worst on, can at least be told in short. */
function countThatFit(results: readonly ModelResult[], maxBytes: number): number {
  let bytes = 0;
  const tooMany = results.findIndex((result) => {
    bytes += Buffer.byteLength(heading(result) + compact(result)) + 2;
    return bytes > maxBytes;
  });
  return tooMany < 0 ? results.length : tooMany;
}

/** One section a model. Each gets an equal share of the room that is left, and leaves to the next what it does not need. */
function sections(results: readonly ModelResult[], maxBytes: number): string[] {
  let room = maxBytes;
  let reserved = results.reduce((sum, result) => sum + Buffer.byteLength(heading(result) + compact(result)) + 2, 0);
  return results.map((result, index) => {
    const least = Buffer.byteLength(compact(result));
    const fixed = Buffer.byteLength(heading(result)) + 2;
    reserved -= least + fixed;
    const share = Math.floor((room - reserved - least - fixed) / (results.length - index));
    const text = heading(result) + sectionText(result, least + share);
    room -= Buffer.byteLength(text) + 2;
    return text;
  });
}

/**
 * The comment about all models of a pull request: line 1 counts them by outcome under the worst one's word, then one section a model, the worst first, as
 * {@link renderMarkdown} writes it. Where room is short a section shrinks to its verdict and the names of what blocks; of models beyond that only the number is said.
 * A single report is shown without a heading. Throws RangeError when `maxChars` (default 60,000) is below {@link leastChars}.
 */
export function renderComment(results: readonly ModelResult[], options: MarkdownOptions = {}): string {
  const { maxChars = 60_000 } = options;
  if (maxChars < leastChars) throw new RangeError(`maxChars is ${maxChars}; at least ${leastChars} hold a verdict`);
  const [only] = results;
  if (results.length === 1 && only !== undefined) return `${sectionText(only, maxChars - 1)}\n`;
  const sorted = worstFirst(results);
  const { emoji, word } = outcomeLooks[sorted[0] === undefined ? 'pass' : outcomeOf(sorted[0])];
  const first = `${emoji} **${word}**: ${countSentence(results)}.`;
  const noteBytes = 100;
  const room = maxChars - Buffer.byteLength(first) - noteBytes;
  const shown = sorted.slice(0, countThatFit(sorted, room));
  const left = sorted.length - shown.length;
  const note = left === 0 ? [] : [`Left out for want of room: ${left === 1 ? '1 model' : `${left} models`}.`];
  return `${[first, ...sections(shown, room), ...note].join('\n\n')}\n`;
}
