import { fuzzService } from './fuzz-service.ts';

// `npm run e2e -- fuzz --cases <n>` sends more.
fuzzService(20_000);
