/** What a verb has to say: text for people, JSON for programs, and the exit code (0 pass, 1 fail, 2 part of the input was bad, 3 cannot be told yet). */
export interface Outcome {
  text: string;
  json: unknown;
  exitCode: 0 | 1 | 2 | 3;
}
