import { join } from 'node:path'
import t from 'tap'
import { KubeconfigFolder, oneContext } from '../../test/support/kubeconfig.ts'
import { openAccess } from './open-access.ts'

const unset = {
  endpoint: undefined,
  tls: undefined,
  kubeconfig: undefined,
  queriesPerSecond: undefined,
  burst: undefined,
  maxInFlight: undefined,
}

t.test('openAccess() takes the command line, then the Corefile, then the pod', async t => {
  const files = new KubeconfigFolder(t, {
    flag: oneContext({ server: 'https://flag' }),
    corefile: oneContext({ server: 'https://corefile' }),
  })
  const flag = { kubeconfig: join(files.path, 'flag') }
  const corefile = {
    ...unset,
    endpoint: 'http://endpoint',
    kubeconfig: { file: join(files.path, 'corefile'), context: undefined },
  }
  t.equal((await openAccess(flag, corefile)).server, 'https://flag')
  t.equal((await openAccess(undefined, corefile)).server, 'https://corefile')
  const endpoint = { ...corefile, kubeconfig: undefined }
  t.equal((await openAccess(undefined, endpoint)).server, 'http://endpoint')
  for (const context of ['here', 'there']) {
    const kubeconfig = { ...corefile.kubeconfig, context }
    const opened = openAccess(undefined, { ...unset, kubeconfig })
    if (context === 'here') t.equal((await opened).server, 'https://corefile')
    else await t.rejects(opened, { code: 'no-access', cause: { code: 'unknown-context' } })
  }
  await t.rejects(openAccess({ ...flag, context: 'there' }), {
    code: 'no-access',
    cause: { code: 'unknown-context' },
  })
  await t.rejects(openAccess(undefined, unset), {
    code: 'no-access',
    cause: { code: 'not-in-cluster' },
  })
  await t.rejects(openAccess(undefined), { code: 'no-access', cause: { code: 'not-in-cluster' } })
})
