/**
 * `node scripts/image.ts signpost.tar [unprivileged]`: builds the image where no registry is reached and writes it as an archive.
 * Needs root and buildah. Where registries are reached, `docker build .` is the way.
 */
import { ImageBuilder } from './image-builder.ts'

const [path, target = 'signpost'] = process.argv.slice(2)
if (path === undefined || (target !== 'signpost' && target !== 'unprivileged')) {
  console.error('usage: node scripts/image.ts FILE.tar [signpost|unprivileged]')
  process.exit(2)
}
using builder = new ImageBuilder()
const image = builder.build(target)
builder.save(image, path)
console.log(`${image} is in ${path}`)
