/** Dockerfile, documents and manifests repeat what package.json says; all have to say the same. */
import { globSync, readFileSync } from 'node:fs'
import t from 'tap'

const dockerfile = readFileSync('Dockerfile', 'utf8')
const { version, description, license, devDependencies } = JSON.parse(
  readFileSync('package.json', 'utf8'),
)

/** The one group of what is found once. */
function only(pattern: RegExp): string | undefined {
  const found = [...dockerfile.matchAll(pattern)]
  return found.length === 1 ? found[0]![1] : undefined
}

t.equal(only(/^ARG BUILD_IMAGE=\S+\/node:([\d.]+)/gm), devDependencies.node, 'Node')
t.equal(only(/^ARG VERSION=(.*)$/gm), version, 'version')
t.equal(only(/\.description="(.*)"/g), description, 'description')
t.equal(only(/\.licenses="(.*)"/g), license, 'license')
t.equal(only(/^USER (.*)$/gm), '65532:65532', 'a user that is not root, as numbers')

// Without buildah nobody else would notice that a file is missing.
const admitted = new Set(readFileSync('.dockerignore', 'utf8').match(/(?<=^!).*$/gm))
const copied = [...dockerfile.matchAll(/^COPY (?!--)(.*) \S+$/gm)].flatMap(([, list]) =>
  list!.split(' '),
)
for (const source of copied) t.ok(admitted.has(source), `.dockerignore lets ${source} in`)
for (const [, file] of readFileSync('scripts/build.ts', 'utf8').matchAll(/ from '\.\/(.*)'/g)) {
  t.ok(copied.includes(`scripts/${file}`), `${file} is copied for scripts/build.ts`)
}

for (const path of globSync(['docs/*.md', 'manifests/**/*.{md,yaml}'])) {
  const text = readFileSync(path, 'utf8')
  for (const [, tag] of text.matchAll(/(?:localhost\/signpost:|newTag: |Signpost-)([\d.]+\d)/g)) {
    t.equal(tag, version, path)
  }
}
