/** Planes by registration. A plane counts from the day it was built; where the year is unknown, from before any flight. */
export declare const planes: import("@repo/contract/source").Source;
