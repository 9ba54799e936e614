/** A part of a document that can do with less room. */
export interface Section {
  /** Who is asked first; 0 is most important. The place in the document is that in the list. */
  priority: number;
  /** The text in at most `maxBytes` of UTF-8; null where that is too little for it, empty where there is nothing to say. */
  render(maxBytes: number): string | null;
}

const noteBytes = 80;

/** Lays out sections in at most `maxBytes`: the most important take what they need first, and a last line says how many found no room. */
export function fitSections(sections: readonly Section[], maxBytes: number): string {
  const texts = new Map<Section, string | null>();
  let room = maxBytes - noteBytes;
  for (const section of sections.toSorted((a, b) => a.priority - b.priority)) {
    const text = section.render(room);
    texts.set(section, text);
    // Two line ends between sections.
    if (text) room -= Buffer.byteLength(text) + 2;
  }
  const left = sections.filter((section) => texts.get(section) === null).length;
  const note =
    left === 0 ? [] : [`Left out for want of room: ${left === 1 ? '1 part' : `${left} parts`}; see report.json.`];
  return [...sections.map((section) => texts.get(section)).filter(Boolean), ...note].join('\n\n');
}
