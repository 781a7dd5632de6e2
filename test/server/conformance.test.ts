/** The cases of the cluster zone once more, asked over the wire of a running server, in every way that it answers. */
import { once } from 'node:events'
import t from 'tap'
import { caseTables } from '../conformance/case-tables.ts'
import { upserts } from '../support/cluster-objects.ts'
import { conformanceCluster } from '../support/conformance-cluster.ts'
import { TcpClient } from '../support/dns-client.ts'
import { askOverUdp } from '../support/dns-subject.ts'
import { type Ask, checkCases } from '../support/query-cases.ts'
import { ServedZone } from '../support/served-zone.ts'

const kubernetes = 'kubernetes cluster.local in-addr.arpa ip6.arpa'

interface Mode {
  readonly corefile: string
  readonly threads: number
}

/** Links that leave these answers as they are, but want to see all of them: nothing is answered by the fast path. */
const chain = `log
  rewrite name exact here.example there.example
  hosts {
    192.0.2.1 hosts.example
    fallthrough
  }
  template IN A template.example {
    answer "{{ .Name }} 5 IN A 192.0.2.2"
  }
  ${kubernetes}`

const modes: Readonly<Record<string, Mode>> = {
  'the fast path': { corefile: `. {\n${kubernetes}\n}`, threads: 1 },
  'the whole chain': { corefile: `. {\n${chain}\n}`, threads: 2 },
  // Its `forward` is for another zone here: with an upstream, aliases are followed there.
  "kind's Corefile": {
    corefile: `. {
      errors
      health
      ready
      ${kubernetes}
      prometheus :9153
      forward example.org 192.0.2.53
      cache 30
      loop
      reload
      loadbalance
    }`,
    threads: 2,
  },
  'the fast path over TLS': { corefile: `tls://. {\n${kubernetes}\n}`, threads: 1 },
}

/** One connection for all questions, one at a time. */
function askOverTcp(client: TcpClient): Ask {
  return async message => {
    const count = client.messages.length + 1
    client.send(message)
    while (client.messages.length < count && !client.isClosed) await once(client.socket, 'reply')
    return client.messages[count - 1]
  }
}

for (const [mode, { corefile, threads }] of Object.entries(modes)) {
  t.test(mode, async t => {
    await using server = await ServedZone.start({ count: threads, corefile })
    server.apply(upserts(...conformanceCluster))
    const { scheme, port } = server.binding
    for (const [name, cases] of Object.entries(caseTables)) {
      if (scheme === 'dns') {
        await t.test(`${name} over UDP`, async t =>
          checkCases(t, askOverUdp(`127.0.0.1:${port}`), cases),
        )
      }
      await t.test(`${name} over ${scheme === 'dns' ? 'TCP' : 'TLS'}`, async t => {
        using client = await TcpClient.open(server.binding)
        await checkCases(t, askOverTcp(client), cases)
      })
    }
    t.strictSame(server.logged, [], 'nothing went wrong')
  })
}
