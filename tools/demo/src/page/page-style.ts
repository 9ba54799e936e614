/** Style of the page besides that of every report. */
export const pageStyle = `
:root { color-scheme: light dark } figure { margin: 1.5rem 0 } figure svg { width: 100%; max-width: 100% } figcaption { max-width: none }
.lead { font-size: 1.15rem } .loud { font-size: 1.3rem; font-weight: 600 } .gates td { vertical-align: top; padding: .35rem .8rem .35rem 0 } .gates td:first-child { white-space: nowrap }
.pass b { color: #1b7f4d } .fail b { color: #b3261e } .inconclusive b, .warn b { color: #8a5a00 } td.n { white-space: nowrap } .note { opacity: .75 }
tbody tr { border-bottom: 1px solid #8883 }
@media (prefers-color-scheme: dark) {
  body { background: #14171c; color: #dde3ec } h2 { border-color: #444 } th { border-color: #777 } figcaption { color: #aab3c0 }
  .pass b { color: #6fd6a3 } .fail b { color: #ff8a80 } .inconclusive b, .warn b { color: #f0b35a }
}`;
