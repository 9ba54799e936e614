/** How DuckDB is opened where whole tables are read: it spills to the disk beyond this; the process itself takes some hundreds more. */
export const largeTables = { memoryMiB: 2048 } as const;
