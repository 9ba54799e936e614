import { type MonitorFindings, monitorFindingsSchema } from '@repo/contract/monitor-findings';
import type { Objects } from '@repo/registry/open-objects';
import type { Logger } from '@repo/telemetry/logger';

/** Reads what others have written into a folder of the state. */
type Reader = Pick<Objects['store'], 'get' | 'list'>;

/** What `causeway monitor` said last, model by model. */
export interface FollowedFindings {
  /** What was read last; null where there is nothing. Reading again begins behind it when that is old, so that a scrape never waits for the state. */
  newest(model: string): MonitorFindings | null;
}

/** What {@link followFindings} needs. */
export interface FollowFindingsOptions {
  /** The folder `monitor` of the state. */
  readonly reader: Reader;
  readonly logger: Pick<Logger, 'warn'>;
  readonly nowMs?: () => number;
  /** How long findings are taken for the newest. Default 30 s; they come hourly at most. */
  readonly freshMs?: number;
}

interface Followed {
  findings: MonitorFindings | null;
  text: string;
  readMs: number;
}

/** The text of the newest findings: `<model>/latest.json`, or in S3, where nothing is replaced, the last name in `<model>/findings/`. */
async function newestText(reader: Reader, model: string): Promise<string> {
  const latest = await reader.get(`${model}/latest.json`);
  if (latest !== null) return Buffer.from(latest).toString();
  const names = (await reader.list(`${model}/findings`)).filter((name) => /^\d{8}t\d{6}z\.json$/.test(name));
  const newest = names.sort().at(-1);
  const content = newest === undefined ? null : await reader.get(`${model}/findings/${newest}`);
  return content === null ? '' : Buffer.from(content).toString();
}

/** Follows the findings of models. What cannot be read is told once, and what was known stays. */
export function followFindings(options: FollowFindingsOptions): FollowedFindings {
  const { reader, logger, nowMs = Date.now, freshMs = 30_000 } = options;
  const models = new Map<string, Followed>();

  async function read(model: string, followed: Followed): Promise<void> {
    try {
      const text = await newestText(reader, model);
      if (text === followed.text) return;
      followed.text = text;
      followed.findings = text === '' ? null : monitorFindingsSchema.parse(JSON.parse(text));
    } catch (error) {
      logger.warn({ model, reason: (error as Error).message }, 'findings of the monitor cannot be read');
    }
  }

  return {
    newest: (model) => {
      const followed = models.get(model) ?? { findings: null, text: '', readMs: -Infinity };
      models.set(model, followed);
      if (nowMs() - followed.readMs >= freshMs) {
        followed.readMs = nowMs();
        void read(model, followed);
      }
      return followed.findings;
    },
  };
}
