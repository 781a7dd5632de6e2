import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import manifest from '../package.json' with { type: 'json' }

export type ImageTarget = 'signpost' | 'unprivileged'

/** An image whose files can be read at `root` while the builder is there. */
export interface MountedImage {
  readonly root: string
  readonly entrypoint: readonly string[]
  readonly env: readonly string[]
}

/**
 * Builds `Dockerfile` with buildah where no registry is reached, images and packages alike. The base images are made of this
 * machine: `BUILD_IMAGE` is empty and sees its `/usr` and this checkout's `node_modules`, `RUN_IMAGE` is the libraries that
 * Node is linked with. Needs root, and a Debian whose `/bin` and `/lib` are below `/usr`. What is built is kept in a
 * folder of its own until the end.
 */
export class ImageBuilder implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'signpost-image-'))

  constructor() {
    this.#commit('run', folder => {
      for (const library of linkedLibraries(process.execPath)) {
        mkdirSync(join(folder, dirname(library)), { recursive: true })
        copyFileSync(library, join(folder, library))
      }
    })
    this.#commit('build', folder => {
      for (const name of ['usr', 'tmp']) mkdirSync(join(folder, name))
      for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
        symlinkSync(`usr/${name}`, join(folder, name))
      }
    })
  }

  /** Gives the name of the image. */
  build(target: ImageTarget): string {
    const image = `localhost/signpost:${manifest.version}${target === 'signpost' ? '' : `-${target}`}`
    this.#buildah(
      ['build', '--quiet', '--layers', '--isolation=chroot', '--network=host'],
      ['--volume=/usr:/usr:ro', `--volume=${realpathSync('node_modules')}:/build/node_modules:ro`],
      ['--build-arg=BUILD_IMAGE=localhost/build', '--build-arg=RUN_IMAGE=localhost/run'],
      ['--build-arg=INSTALL=true', `--target=${target}`, `--tag=${image}`, '.'],
    )
    return image
  }

  mount(image: string): MountedImage {
    const { OCIv1 } = JSON.parse(this.#buildah(['inspect', '--type=image', image]))
    const root = this.#buildah(['mount', this.#buildah(['from', image])])
    return { root, entrypoint: OCIv1.config.Entrypoint, env: OCIv1.config.Env }
  }

  /** Writes what `kind load image-archive`, `docker load` and `ctr images import` read, in the place of any file there. */
  save(image: string, path: string): void {
    rmSync(path, { force: true })
    this.#buildah(['push', '--quiet', image, `docker-archive:${path}:${image}`])
  }

  [Symbol.dispose](): void {
    this.#buildah(['rm', '--all'])
    this.#buildah(['rmi', '--all', '--force'])
    rmSync(this.#folder, { recursive: true, force: true })
  }

  /** An image of one layer with the files that `fill` puts into a folder. */
  #commit(name: string, fill: (folder: string) => void): void {
    const files = join(this.#folder, name)
    mkdirSync(files)
    fill(files)
    const container = this.#buildah(['from', 'scratch'])
    this.#buildah(['copy', '--quiet', container, files, '/'])
    // For BUILD_IMAGE; the programs of this checkout first, because the machine's own Node may be older.
    this.#buildah(['config', '--env=PATH=/build/node_modules/.bin:/usr/sbin:/usr/bin', container])
    this.#buildah(['commit', '--quiet', '--rm', container, `localhost/${name}`])
  }

  #buildah(...args: readonly (readonly string[])[]): string {
    const store = [`--root=${this.#folder}/store`, `--runroot=${this.#folder}/state`]
    return execFileSync('buildah', [...store, ...args.flat()], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim()
  }
}

/** Absolute paths, the dynamic linker among them. */
function linkedLibraries(program: string): string[] {
  const listed = execFileSync('ldd', [program], { encoding: 'utf8' })
  return [...listed.matchAll(/\s(\/\S+) \(0x/g)].map(match => match[1]!)
}
