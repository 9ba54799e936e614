/** Where a rendering takes place: an account that AWS keeps for examples. */
export const account = '123456789012';
export const partition = 'aws';
export const region = 'eu-central-1';
export const zones: readonly string[] = ['a', 'b', 'c'].map((zone) => `${region}${zone}`);
