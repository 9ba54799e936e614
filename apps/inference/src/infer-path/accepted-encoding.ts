/** How an answer may be packed. */
export type AnswerEncoding = 'gzip' | 'deflate';

/**
 * The packing that an Accept-Encoding header asks for by name, gzip before deflate where it weighs them the same; null for none of them.
 * What the header leaves open stays unpacked: packing costs more than it saves unless the caller is far away.
 */
export function acceptedEncoding(header: string | undefined): AnswerEncoding | null {
  if (header === undefined) return null;
  const weights = { gzip: 0, deflate: 0 };
  for (const part of header.toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim());
    if (name !== 'gzip' && name !== 'deflate') continue;
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    weights[name] = weight === undefined ? 1 : Number(weight) || 0;
  }
  if (weights.gzip === 0 && weights.deflate === 0) return null;
  return weights.gzip >= weights.deflate ? 'gzip' : 'deflate';
}
