import type { PatchOperation } from './review.ts'
import { sharedHeadOf } from './shared-list.ts'

/** Bytes that become whole characters of base64. */
const group = 3

/**
 * Patches as answers have them, JSON in base64. What many patches share is written once: the variables of 500 Services are
 * half a megabyte for each container of every pod.
 *
 *     text, padded with spaces to a multiple of 3 │ shared, padded likewise │ text, padded │ shared │ text
 *
 * Base64 of the parts is then base64 of the whole, and JSON does not mind the spaces.
 */
export class PatchRenderer {
  /** In base64, padded. */
  readonly #shared = new WeakMap<readonly unknown[], Buffer>()

  /** In ASCII. */
  render(patch: readonly PatchOperation[]): Buffer {
    const parts: Buffer[] = []
    let text = '['
    for (const [index, { op, path, value }] of patch.entries()) {
      if (index > 0) text += ','
      const shared = sharedHeadOf(value)
      if (!shared) {
        text += JSON.stringify({ op, path, value })
        continue
      }
      text += `${JSON.stringify({ op, path }).slice(0, -1)},"value":[`
      parts.push(base64Of(padded(text)), this.#sharedText(shared))
      const own = JSON.stringify((value as readonly unknown[]).slice(shared.length)).slice(1)
      text = `${own === ']' ? '' : ','}${own}}`
    }
    parts.push(base64Of(Buffer.from(`${text}]`)))
    return Buffer.concat(parts)
  }

  /** Its elements, with commas between. */
  #sharedText(list: readonly unknown[]): Buffer {
    const known = this.#shared.get(list)
    if (known) return known
    const made = base64Of(padded(JSON.stringify(list).slice(1, -1)))
    this.#shared.set(list, made)
    return made
  }
}

function padded(text: string): Buffer {
  const bytes = Buffer.from(text)
  const missing = (group - (bytes.length % group)) % group
  return missing === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(missing, ' ')])
}

function base64Of(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('base64'), 'latin1')
}
