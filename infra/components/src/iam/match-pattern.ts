/** Whether a text fits a pattern of IAM, in which `*` stands for any text and `?` for one character. */
export function matchPattern(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}

/** The six parts of an ARN; colons of the last part belong to it. */
const partsOf = (arn: string): string[] => {
  const parts = arn.split(':');
  return [...Array.from({ length: 5 }, (_, index) => parts[index] ?? ''), parts.slice(5).join(':')];
};

/** Whether an ARN fits a pattern part by part: no `*` reaches over the colons between them, so that a bucket's never fits a role. */
export function matchArn(pattern: string, arn: string): boolean {
  if (pattern === '*') return true;
  const parts = partsOf(arn);
  return partsOf(pattern).every((part, index) => matchPattern(part, parts[index] ?? ''));
}
