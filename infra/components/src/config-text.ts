/** A value as the text of a ConfigMap. JSON is YAML, and needs no writer. */
export const configText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
