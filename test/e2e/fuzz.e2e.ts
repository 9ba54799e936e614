// budget: 600 s
import { fuzzService } from '../fuzz/fuzz-service.ts';

// Set by `npm run e2e -- fuzz --cases <n>`.
fuzzService(Number(process.env.CASES ?? 60_000));
