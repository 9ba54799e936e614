/**
 * Every flight that left, or should have left, a New York airport in 2013.
 *
 * Raw clock times are local hhmm numbers (2400 is midnight), and delays are whole minutes between instants. So the departure is the
 * scheduled instant plus its delay, whatever the clocks did that night; the scheduled arrival is the first instant after the
 * scheduled departure at which the destination's clock shows the scheduled time; the landing is that plus its delay. `clocks` reads
 * every zone's clock at each hour of UTC, which is enough as all zones here are whole hours from it.
 */
export declare const flights: import("@repo/contract/source").Source;
