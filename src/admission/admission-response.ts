import { admissionApiVersion, admissionKind } from './admission-envelope.ts'
import type { PatchRenderer } from './patch-renderer.ts'
import type { AdmissionDecision } from './review.ts'

/** The API server cuts each after 256 characters and all of them together after 4,096; people have lines of 120. */
const maxWarningLength = 120
const maxWarningsLength = 4096
/** One etcd object may have 1.5 MB; an audit event is no place for more than a line. */
const maxAuditValueLength = 1024

/** Of `response`, which stands last, and of the review. */
const endOfResponse = '}}'

/** The AdmissionReview that answers the one with this uid, in UTF-8. Reference: admission.k8s.io/v1, AdmissionResponse. */
export function renderResponse(
  uid: string,
  decision: AdmissionDecision,
  patches: PatchRenderer,
): Buffer {
  const review = JSON.stringify({
    apiVersion: admissionApiVersion,
    kind: admissionKind,
    response: { uid, ...(decision.allowed ? allowedFields(decision) : refusedFields(decision)) },
  })
  if (!decision.allowed || decision.patch.length === 0) return Buffer.from(review)
  // A patch may have a megabyte, and nothing that JSON would have to escape: it is not looked through again. Both fields or
  // neither: one alone is a failed call.
  return Buffer.concat([
    Buffer.from(`${review.slice(0, -endOfResponse.length)},"patchType":"JSONPatch","patch":"`),
    patches.render(decision.patch),
    Buffer.from(`"${endOfResponse}`),
  ])
}

function allowedFields({ warnings, audit }: Extract<AdmissionDecision, { allowed: true }>): object {
  const annotations = Object.entries(audit)
    .filter(([key]) => isAuditKey(key))
    .map(([key, value]) => [key, value.slice(0, maxAuditValueLength)])
  return {
    allowed: true,
    ...(warnings.length > 0 && { warnings: cutWarnings(warnings) }),
    ...(annotations.length > 0 && { auditAnnotations: Object.fromEntries(annotations) }),
  }
}

function refusedFields({
  code,
  reason,
  message,
}: Extract<AdmissionDecision, { allowed: false }>): object {
  return { allowed: false, status: { status: 'Failure', code, reason, message } }
}

/** As many as the API server passes on, and the number of the others. */
function cutWarnings(warnings: readonly string[]): string[] {
  const cut: string[] = []
  let length = 0
  for (const warning of warnings) {
    const line = asLine(warning)
    const isLast = cut.length === warnings.length - 1
    // The last line has to have room for how many are missing.
    if (length + line.length > maxWarningsLength - (isLast ? 0 : maxWarningLength)) {
      cut.push(`${warnings.length - cut.length} more warnings`)
      break
    }
    cut.push(line)
    length += line.length
  }
  return cut
}

/** One line of printable ASCII: what else there is cannot be in an HTTP header. */
function asLine(warning: string): string {
  const line = warning.replaceAll(/[^\x20-\x7e]/gu, '?')
  return line.length <= maxWarningLength ? line : `${line.slice(0, maxWarningLength - 3)}...`
}

/** The name part of a qualified name: the API server puts that of the webhook and a slash in front. */
function isAuditKey(key: string): boolean {
  return key.length <= 63 && /^[A-Za-z0-9](?:[-\w.]*[A-Za-z0-9])?$/.test(key)
}
