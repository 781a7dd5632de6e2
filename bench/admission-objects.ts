import { reduceService, type Service } from '../src/objects/service.ts'

const namespace = 'shop'

/** Services of one namespace, with two ports each. */
export function servicesOf(count: number): Service[] {
  return Array.from({ length: count }, (_, index) => {
    const clusterIP = `10.96.${index >> 8}.${index & 255}`
    return reduceService({
      metadata: { namespace, name: `service-${index}` },
      spec: {
        type: 'ClusterIP',
        clusterIP,
        clusterIPs: [clusterIP],
        ports: [
          { name: 'http', port: 80, protocol: 'TCP' },
          { name: 'metrics', port: 9090, protocol: 'TCP' },
        ],
      },
    })
  })
}

/** The review of a Pod as Deployments make them: two containers, 20 variables, managed fields; about 6 KB. */
export function podReviewBody(): string {
  const env = Array.from({ length: 10 }, (_, index) => ({
    name: `SETTING_${index}`,
    value: 'x'.repeat(20),
  }))
  const container = (name: string): object => ({
    name,
    image: `registry.example/shop/${name}:1.2.3`,
    env,
    ports: [{ containerPort: 8080, protocol: 'TCP' }],
    resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { memory: '128Mi' } },
    volumeMounts: [{ name: 'token', mountPath: '/var/run/secrets/token', readOnly: true }],
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: 'IfNotPresent',
  })
  const variables = Object.fromEntries(
    env.map(({ name }) => [`k:{"name":"${name}"}`, { '.': {}, 'f:name': {}, 'f:value': {} }]),
  )
  return JSON.stringify({
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid: '705ab4f5-6393-11e8-b7cc-42010a800002',
      kind: { group: '', version: 'v1', kind: 'Pod' },
      resource: { group: '', version: 'v1', resource: 'pods' },
      requestKind: { group: '', version: 'v1', kind: 'Pod' },
      requestResource: { group: '', version: 'v1', resource: 'pods' },
      namespace,
      operation: 'CREATE',
      userInfo: { username: 'system:serviceaccount:kube-system:replicaset-controller' },
      object: {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          generateName: 'web-5d4f8c7b9-',
          namespace,
          labels: { app: 'web', 'pod-template-hash': '5d4f8c7b9' },
          managedFields: [
            {
              manager: 'kube-controller-manager',
              operation: 'Update',
              fieldsType: 'FieldsV1',
              fieldsV1: {
                'f:spec': { 'f:containers': { 'k:{"name":"web"}': { 'f:env': variables } } },
              },
            },
          ],
        },
        spec: { containers: [container('web'), container('proxy')], restartPolicy: 'Always' },
      },
      oldObject: null,
      dryRun: false,
      options: { kind: 'CreateOptions', apiVersion: 'meta.k8s.io/v1' },
    },
  })
}
