/**
 * Remembers what a function made of an object, for as long as the object lives: several candidates are judged on the same tables, and what
 * depends on these alone need not be worked out for each. The object must not change meanwhile. What throws is tried again.
 */
export function oncePer<Key extends object, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const made = new WeakMap<Key, { value: Value }>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known.value;
    const value = make(key);
    made.set(key, { value });
    return value;
  };
}
