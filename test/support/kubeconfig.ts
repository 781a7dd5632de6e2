import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'

/** Files by name, in a folder that goes with the test. */
export class KubeconfigFolder {
  readonly path: string

  constructor(t: Test, files: Readonly<Record<string, string>> = {}) {
    this.path = t.testdir({})
    for (const [name, text] of Object.entries(files)) this.write(name, text)
  }

  /** Resolves with the path. */
  write(name: string, text: string, mode = 0o600): string {
    const path = join(this.path, name)
    mkdirSync(join(path, '..'), { recursive: true })
    writeFileSync(path, text, { mode })
    return path
  }

  /** A kubeconfig of one context. JSON is YAML too. */
  kubeconfig(cluster: object, user: object = {}): string {
    return this.write('config', oneContext(cluster, user))
  }
}

export function oneContext(cluster: object, user: object = {}): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'here',
    contexts: [{ name: 'here', context: { cluster: 'c', user: 'u' } }],
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user }],
  })
}

/** As `…-data` of a kubeconfig has it. */
export function asData(text: string): string {
  return Buffer.from(text).toString('base64')
}
