/** Fields of an entry of a stream, as Redis holds them. */
export type EventFields = Readonly<Record<string, string>>;

/** What an entry says: a raw row, or why it says none. */
export type StreamEvent =
  | { readonly row: Readonly<Record<string, unknown>>; readonly eventId: string | null }
  | { readonly refused: string };

/** Most bytes of a row, 1 MiB: rows of tables have hundreds, and batches and what waits for them are held in memory. */
const mostRowBytes = 2 ** 20;

/**
 * The moment at which the server took an entry with this id, in ISO 8601: its first part is milliseconds, the second counts within one. As microseconds
 * it keeps the order of up to 1000 of them.
 */
function takenAt(id: string): string {
  const [ms, sequence = '0'] = id.split('-');
  const microseconds = String(Math.min(Number(sequence), 999)).padStart(3, '0');
  return new Date(Number(ms)).toISOString().replace('Z', `${microseconds}Z`);
}

/**
 * Understands an entry: field `row` holds the raw row as a JSON object, `id`, if it is there, what the producer calls the event, by which a
 * second delivery is known. A row that does not say when it was observed was observed when the server took it.
 */
export function readEvent(id: string, fields: EventFields): StreamEvent {
  const { row, id: eventId = null, ...others } = fields;
  const unknown = Object.keys(others);
  if (unknown.length > 0) return { refused: `fields ${unknown.join(', ')}: only row and id are known` };
  if (row === undefined) return { refused: 'no field row' };
  const bytes = Buffer.byteLength(row);
  if (bytes > mostRowBytes) return { refused: `a row of ${bytes} bytes, more than ${mostRowBytes}` };
  let value: unknown;
  try {
    value = JSON.parse(row);
  } catch {
    return { refused: 'a row that is not JSON' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { refused: 'a row that is no JSON object' };
  const cell = Object.entries(value).find(([, held]) => typeof held === 'object' && held !== null);
  if (cell !== undefined) return { refused: `a row with an object or a list in ${cell[0]}` };
  return { row: 'observed_at' in value ? { ...value } : { ...value, observed_at: takenAt(id) }, eventId };
}
