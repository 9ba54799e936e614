import { escapeHtml } from '@repo/training/report/html';
import type { Story } from '../story.ts';
import { px, svg } from './chart-style.ts';

const [width, left, rowHeight] = [960, 400, 26];

/** Where the time went: a bar for each chapter. */
export function chapterChart({ chapters, tookSeconds }: Story): string {
  const longest = Math.max(...chapters.map(({ seconds }) => seconds));
  const bars = chapters.map(({ title, seconds }, i) => {
    const y = 30 + i * rowHeight;
    const wide = ((width - left - 70) * seconds) / longest;
    return `<text text-anchor="end" x="${left - 12}" y="${y + 15}">${escapeHtml(title)}</text><rect class="one" opacity=".75" x="${left}" y="${y + 3}" width="${px(Math.max(1, wide))}" height="16"/><text x="${px(left + wide + 8)}" y="${y + 15}">${seconds.toFixed(0)} s</text>`;
  });
  const title = `<text class="strong" x="0" y="18">The run took ${tookSeconds.toFixed(0)} s on this machine</text>`;
  return svg(width, 40 + chapters.length * rowHeight, 'Seconds of each chapter', `${title}${bars.join('')}`);
}
