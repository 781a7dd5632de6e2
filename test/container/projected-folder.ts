import { mkdirSync, readlinkSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * A folder as a kubelet writes it for ConfigMaps, Secrets and projected volumes: the files are links into `..data`, which is itself a
 * link to the folder of the moment, so that all files of one version appear at once.
 */
export class ProjectedFolder {
  readonly path: string
  #version = 0

  constructor(path: string, files: Readonly<Record<string, string>>) {
    this.path = path
    mkdirSync(path)
    for (const name of Object.keys(files)) symlinkSync(join('..data', name), join(path, name))
    this.replace(files)
  }

  /** All files anew. */
  replace(files: Readonly<Record<string, string>>): void {
    const folder = `..version-${this.#version++}`
    mkdirSync(join(this.path, folder))
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(this.path, folder, name), text)
    }
    const current = join(this.path, '..data')
    const next = join(this.path, '..data_tmp')
    symlinkSync(folder, next)
    const last = this.#version === 1 ? undefined : readlinkSync(current)
    renameSync(next, current)
    if (last !== undefined) rmSync(join(this.path, last), { recursive: true })
  }
}
