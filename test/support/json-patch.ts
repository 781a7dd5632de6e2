/** RFC 6902 and 6901 as far as admission patches use them, on copies. Throws where the RFC says that the patch fails. */
import { isDeepStrictEqual } from 'node:util'
import type { PatchOperation } from '../../src/admission/review.ts'

export function applyPatch<Target>(target: Target, patch: readonly PatchOperation[]): Target {
  const root = { '': structuredClone(target) as unknown }
  for (const operation of patch) applyOperation(root, structuredClone(operation))
  return root[''] as Target
}

function applyOperation(root: object, { op, path, value }: PatchOperation): void {
  const tokens = path.split('/').map(token => token.replaceAll('~1', '/').replaceAll('~0', '~'))
  const last = tokens.pop()!
  const parent = tokens.reduce<unknown>((at, token) => member(at, token), root)
  if (typeof parent !== 'object' || parent === null) throw new Error(`no parent: ${path}`)
  if (op === 'add' && Array.isArray(parent)) {
    const index = last === '-' ? parent.length : Number(last)
    if (!Number.isInteger(index) || index > parent.length) throw new Error(`no index: ${path}`)
    parent.splice(index, 0, value)
  } else if (op === 'add') Reflect.set(parent, last, value)
  else {
    const present = member(parent, last)
    if (op === 'test' && !isDeepStrictEqual(present, value)) throw new Error(`differs: ${path}`)
    else if (op === 'replace') Reflect.set(parent, last, value)
    else if (op === 'remove' && Array.isArray(parent)) parent.splice(Number(last), 1)
    else if (op === 'remove') Reflect.deleteProperty(parent, last)
  }
}

function member(parent: unknown, token: string): unknown {
  if (typeof parent !== 'object' || parent === null || !Object.hasOwn(parent, token))
    throw new Error(`not there: ${token}`)
  return Reflect.get(parent, token)
}
