/** Plugins that decide by names and clients, with real sockets in front of them. */
import t from 'tap'
import { AnswerWriter } from '../../src/answers/answer-writer.ts'
import { parseName } from '../../src/dns/wire-name.ts'
import type { Binding } from '../../src/server/binding.ts'
import { ServingThreads } from '../../src/server/serving-threads.ts'
import { askUdp } from '../support/dns-client.ts'
import { plainAddresses, plainZone } from '../support/plain-answers.ts'
import { checkCases } from '../support/query-cases.ts'
import { quietThreads, servingConfiguration } from '../support/serving-configuration.ts'

/** A server whose cluster has the one address web.default.svc.cluster.local. */
async function serve(
  corefile: string,
): Promise<AsyncDisposable & { readonly ask: (message: Buffer) => Promise<Buffer | undefined> }> {
  const writer = new AnswerWriter()
  const zone = plainZone('cluster.local')
  writer.setZones([zone])
  writer.put(zone.name, [])
  writer.put(parseName('web.default.svc.cluster.local')!, [plainAddresses(1)])
  writer.markComplete()
  const threads = await ServingThreads.start({
    ...quietThreads(),
    count: 1,
    configuration: servingConfiguration(writer, corefile),
    onExit: index => writer.releaseReader(index),
  })
  const binding: Binding = threads.bindings[0]!
  return {
    ask: message => askUdp(binding, message),
    [Symbol.asyncDispose]: () => threads.close(),
  }
}

t.test('views of the same zone are blocks of their own, asked from the top', async t => {
  await using server = await serve(`. {
    view mail {
      expr type() == 'TXT' && incidr(server_ip(), '127.0.0.0/8')
    }
    template IN TXT . {
      answer "{{ .Name }} 5 IN TXT mail"
    }
  }
  . {
    view elsewhere {
      expr incidr(client_ip(), '192.0.2.0/24')
    }
  }
  . {
    template IN A . {
      answer "{{ .Name }} 5 IN A 192.0.2.1"
    }
  }`)
  await checkCases(t, server.ask, [
    { query: 'a.test. TXT', answer: ['a.test. 5 IN TXT "mail"'] },
    { query: 'a.test. A', answer: ['a.test. 5 IN A 192.0.2.1'] },
    { query: 'a.test. AAAA', rcode: 'REFUSED', aa: false },
  ])
})

t.test('who asks the whole server gets to the views too', async t => {
  await using server = await serve(`. {
    view inner {
      expr name() == 'inner.test.'
    }
    template IN A . {
      answer "inner.test. 5 IN A 192.0.2.1"
    }
  }
  . {
    template IN A . {
      answer "{{ .Name }} 5 IN CNAME inner.test."
    }
  }`)
  const answer = ['outer.test. 5 IN CNAME inner.test.', 'inner.test. 5 IN A 192.0.2.1']
  await checkCases(t, server.ask, [{ query: 'outer.test. A', answer }])
})

t.test('cluster names come past the plugins that have nothing to do with them', async t => {
  await using server = await serve(`. {
    rewrite name shop.example.org web.default.svc.cluster.local
    template IN AAAA .
    acl example.com {
      drop
    }
    hosts /nowhere {
      192.0.2.7 node.test own.default.svc.cluster.local
      fallthrough
    }
    kubernetes cluster.local
  }`)
  await checkCases(t, server.ask, [
    {
      query: 'web.default.svc.cluster.local. A',
      answer: ['web.default.svc.cluster.local. 5 IN A 10.0.0.1'],
    },
    { query: 'web.default.svc.cluster.local. AAAA' },
    { query: 'shop.example.org. A', answer: ['shop.example.org. 5 IN A 10.0.0.1'] },
    { query: 'node.test. A', answer: ['node.test. 3600 IN A 192.0.2.7'] },
    {
      query: 'own.default.svc.cluster.local. A',
      answer: ['own.default.svc.cluster.local. 3600 IN A 192.0.2.7'],
    },
    { query: 'not.default.svc.cluster.local. A', rcode: 'NXDOMAIN', authority: 'soa' },
    { query: 'other.test. A', rcode: 'REFUSED', aa: false },
  ])
  t.equal(
    await server.ask(
      Buffer.from('123401000001000000000000076578616d706c6503636f6d0000010001', 'hex'),
    ),
    undefined,
  )
})

t.test('an expression that backtracks without end holds nobody up', async t => {
  await using server = await serve(String.raw`. {
    template IN A . {
      match ^(a+)+[.]$
      answer "{{ .Name }} 5 IN A 192.0.2.1"
    }
  }`)
  const name = `${'a'.repeat(60)}.b.`
  await checkCases(t, server.ask, [
    { query: `${name} A`, rcode: 'SERVFAIL', aa: false },
    { query: 'aaa. A', answer: ['aaa. 5 IN A 192.0.2.1'] },
  ])
})
