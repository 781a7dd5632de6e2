import type { Service } from '../objects/service.ts'
import type { FieldError } from './field-error.ts'

/** What one rule makes of a Service: the Service with more fields filled in, or why it is refused. */
export type AllocationStep =
  | { readonly service: Service }
  | { readonly errors: readonly FieldError[] }
