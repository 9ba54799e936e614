/**
 * Hourly weather at the three airports. A reading is filed under the hour it was taken in, most often near that hour's end, and the
 * minute is not on record. So it counts as published when the hour is over: never too early, at most an hour too late.
 */
export declare const weather: import("@repo/contract/source").Source;
