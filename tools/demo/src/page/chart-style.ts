/** Style of every picture: inside the page and in a file of its own, on light and on dark ground. */
const chartStyle = `
.chart { color: #1d2430; --one: #1f5aa6; --two: #b26a00; --bad: #b3261e; --good: #1b7f4d; --band: #1f5aa6; font: 12px system-ui, sans-serif }
.chart text { fill: currentColor } .chart .soft { opacity: .62 } .chart .strong { font-weight: 600 }
.chart .axis { stroke: currentColor; stroke-opacity: .35 } .chart .grid { stroke: currentColor; stroke-opacity: .12 }
.chart .one { fill: var(--one) } .chart .two { fill: var(--two) } .chart .bad { fill: var(--bad) } .chart .good { fill: var(--good) }
.chart .line-one { stroke: var(--one) } .chart .line-two { stroke: var(--two) } .chart .line-bad { stroke: var(--bad) } .chart .line-good { stroke: var(--good) }
.chart .thick { stroke-width: 2.5 } .chart .dash { stroke-dasharray: 5 4 } .chart .none { fill: none } .chart .band { fill: var(--band); opacity: .1 }
@media (prefers-color-scheme: dark) { .chart { color: #dde3ec; --one: #7db1ff; --two: #f0b35a; --bad: #ff8a80; --good: #6fd6a3; --band: #7db1ff } }`;

/** A picture as SVG that holds its own style; `about` is what a screen reader says. */
export function svg(width: number, height: number, about: string, content: string): string {
  return `<svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${about}"><style>${chartStyle}</style>${content}</svg>`;
}

/** A coordinate with a tenth of a pixel. */
export const px = (value: number): string => value.toFixed(1);
