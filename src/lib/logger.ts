/** What a log line may carry beside its message. Never object contents or secrets. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>

/** Where a part says what happened. `app` decides how it looks: lines for people, JSON for programs. */
export interface Logger {
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
}
