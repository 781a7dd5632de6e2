import t from 'tap'
import { ManifestFolder } from '../src/sources/manifest-folder.ts'
import { renderProblem } from '../src/sources/manifest-problem.ts'

const logger = { info() {}, warn() {}, error() {} }

t.test('examples/ is what a newcomer is promised', async t => {
  await using folder = await ManifestFolder.open('examples', { logger })
  const { upserts, problems } = await folder.read()
  t.strictSame(problems.map(renderProblem), [])
  t.strictSame(
    upserts.map(({ object }) => {
      const namespace = 'namespace' in object ? `${object.namespace}/` : ''
      return `${object.kind} ${namespace}${object.name}`
    }),
    [
      'Namespace default',
      'Namespace shop',
      'Service shop/resolver',
      'Service shop/payments',
      'Service shop/legacy',
      'EndpointSlice shop/legacy-1',
      'Service shop/db',
      'StatefulSet shop/db',
      'Service default/web-service',
      'Deployment default/web',
    ],
  )
})
