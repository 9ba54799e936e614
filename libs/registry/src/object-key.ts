const keyForm = /^[a-z0-9][a-z0-9.-]*(\/[a-z0-9][a-z0-9.-]*)*$/;

/** Checks the key of an object; throws RangeError for one that could leave its store or mean two things. */
export function checkKey(key: string): void {
  if (keyForm.test(key)) return;
  throw new RangeError(
    `received key ${JSON.stringify(key)}; allowed: ${keyForm.source}; check names before building keys`,
  );
}
