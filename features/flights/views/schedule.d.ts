/** What the timetable says. No month: a model that has not seen October cannot extrapolate it, and it costs 0.03 log-loss. */
export declare const schedule: import("@repo/contract/view").View<{
    name: string;
    version: number;
    about: string;
    kind: "request";
    features: Record<string, {
        from: "category";
        column: string;
    } | {
        from: "column";
        column: string;
    } | {
        from: "clock";
        column: string;
        part: "dayOfWeek" | "hourOfDay";
        zone: string;
    }>;
}>;
