import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { type RawObject, isRawObject, rawArray, rawObject } from '../../src/objects/raw-value.ts'
import { parseYaml } from '../../src/sources/manifest-document.ts'

const assets = process.env['KUBEBUILDER_ASSETS'] ?? '/usr/local/kubebuilder/bin'
/** Of envtest's programs; `undefined` where it is not. */
export const kubectl = existsSync(`${assets}/kubectl`) ? `${assets}/kubectl` : undefined

/** What a folder of `manifests/` amounts to, as kubectl says. */
export class Rendered {
  readonly text: string
  readonly objects: readonly RawObject[]

  constructor(folder: string) {
    this.text = execFileSync(kubectl!, ['kustomize', folder], { encoding: 'utf8' })
    this.objects = this.text.split(/^---$/m).map(text => rawObject(parseYaml(text).value))
  }

  /** The one object of a kind. */
  the(kind: string): unknown {
    const found = this.objects.filter(object => object['kind'] === kind)
    if (found.length !== 1) throw new Error(`there are ${found.length} of ${kind}`)
    return found[0]
  }
}

/** The value at `spec.template.spec.containers.0.args`; `undefined` where there is nothing. */
export function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, key) => {
    if (Array.isArray(inner)) return rawArray(inner)[Number(key)]
    return isRawObject(inner) ? inner[key] : undefined
  }, value)
}
