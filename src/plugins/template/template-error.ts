/** What is wrong with a template, or went wrong with a query. It becomes a CorefileError, or SERVFAIL. */
export class TemplateError extends Error {
  override name = 'TemplateError'
}
