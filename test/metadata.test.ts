/** What is known of a query, through the whole program. */
import t from 'tap'
import { askUdp, decoded } from './support/dns-client.ts'
import { encodeQuery } from './support/query-cases.ts'
import { ServedCorefile } from './support/served-corefile.ts'

const manifests = {
  'pod.yaml': `
apiVersion: v1
kind: Pod
metadata: {name: one, namespace: default, labels: {app: web}}
spec: {containers: [{name: c, image: i}]}
status: {phase: Running, podIP: 127.0.0.1}
`,
}

function corefile(more: string): string {
  const known = ['client-namespace', 'client-pod-name', 'client-label/app']
    .map(label => `{{ .Meta \\"kubernetes/${label}\\" }}`)
    .join('/')
  return `.:53 {
  ${more}
  cache 30
  template IN TXT example.org {
    answer "{{ .Name }} 0 IN TXT /${known}"
  }
  kubernetes cluster.local {
    pods verified
  }
}
`
}

t.test('the pod that asks is known whichever thread answers, from the reload on', async t => {
  await using server = await ServedCorefile.start(corefile('autopath @kubernetes'), {
    workers: 2,
    manifests,
  })
  const texts = async (): Promise<Set<string>> => {
    const found = new Set<string>()
    // Half of the names belong to the other thread.
    for (let i = 0; i < 20; i++) {
      const reply = decoded(await askUdp(server.binding, encodeQuery(`n${i}.example.org TXT`)))
      const [answer] = reply.answers as unknown as readonly [{ data: readonly Buffer[] }]
      found.add(Buffer.concat(answer.data).toString())
    }
    return found
  }
  t.strictSame(await texts(), new Set(['///']))
  await server.reload(corefile('metadata'))
  t.strictSame(await texts(), new Set(['/default/one/web']))
})
