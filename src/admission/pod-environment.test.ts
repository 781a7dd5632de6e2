import t from 'tap'
import { applyPatch } from '../../test/support/json-patch.ts'
import { master, podRequest, reviewPod, serviceOf } from '../../test/support/pod-review-run.ts'

/** As many Services as make about 300 KB of JSON in a container. */
const services = [
  master,
  ...Array.from({ length: 820 }, (_, index) => `shop/service-${1000 + index} 10.0.0.1 80`),
].map(serviceOf)

function podOf(containers: number, env: readonly object[] = []): { readonly spec: object } {
  const names = Array.from({ length: containers }, (_, index) => `c${index}`)
  return { spec: { containers: names.map(name => ({ name, env })) } }
}

const padding = (kib: number): object => ({ name: 'PADDING', value: 'x'.repeat(kib * 1024) })

const cases = [
  { name: 'two containers', pod: podOf(2), outcome: 'injected', warnings: [] },
  {
    name: 'four are more than a pod can hold',
    pod: podOf(4),
    outcome: 'kubelet',
    warnings: ['22992 variables of services take the pod above 1 MiB of env: left to the kubelet'],
  },
  {
    name: "the user's own count too",
    pod: podOf(1, [padding(800)]),
    outcome: 'kubelet',
    warnings: ['5748 variables of services take the pod above 1 MiB of env: left to the kubelet'],
  },
  {
    name: 'a container whose environment is near the limit of Linux',
    pod: podOf(1, [padding(400)]),
    outcome: 'injected',
    warnings: ['container "c0": 5749 variables, 645 KiB: programs may not start'],
  },
]

t.test('prependVariables() keeps a budget', async t => {
  for (const { name, pod, outcome, warnings } of cases) {
    const annotations = { 'signpost.dev/enable-service-links': 'true' }
    const request = podRequest({ ...pod, metadata: { annotations } })
    const decision = reviewPod(request, { services })
    t.equal(decision.outcome, outcome, name)
    t.strictSame(decision.warnings, warnings, name)
    const object = applyPatch(request.object!, decision.patch)
    const again = reviewPod({ ...request, object }, { services })
    t.strictSame(again.patch, [], `${name}: again`)
  }
})

t.test('prependVariables() leaves the links on where it leaves the pod', async t => {
  const names = services.map(service => service.name).join(' ')
  const annotations = {
    'signpost.dev/services': names,
    'signpost.dev/enable-service-links': 'false',
  }
  const { patch, audit } = reviewPod(podRequest({ ...podOf(4), metadata: { annotations } }), {
    services,
  })
  t.strictSame(patch, [])
  t.strictSame(audit, { 'left-to-kubelet': 'c0,c1,c2,c3' })
})
