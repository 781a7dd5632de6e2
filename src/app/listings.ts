import { serviceVariables } from '../environment/service-variables.ts'
import type { Endpoint, EndpointSlice } from '../objects/endpoint-slice.ts'
import type { RawObject } from '../objects/raw-value.ts'
import { renderEndpointSlice } from '../objects/render-endpoint-slice.ts'
import { renderService } from '../objects/render-service.ts'
import type { Service } from '../objects/service.ts'
import type { ServiceView } from '../store/cluster.ts'
import { listRecords } from '../zone/list-records.ts'
import { readyCount } from './change-lines.ts'
import type { LoadedCluster } from './load-cluster.ts'

/** What a command prints: a table, or plain lines where there are no columns; and the same for programs. */
export interface Listing {
  readonly columns?: readonly string[]
  readonly rows: readonly (readonly string[])[]
  readonly json: unknown
  readonly warnings: readonly string[]
}

interface FullView extends ServiceView {
  readonly service: Service
}

/** The columns of `kubectl get services`, with the count of ready endpoints. */
export function listServices(cluster: LoadedCluster, namespace: string | undefined): Listing {
  const views = viewsOf(cluster, namespace)
  return {
    columns: ['namespace', 'name', 'type', 'cluster-ip', 'ports', 'ready'],
    rows: views.map(view => {
      const { type, clusterIPs, externalName, ports } = view.service
      const isExternal = type === 'ExternalName'
      const address = isExternal ? externalName : clusterIPs.join(',') || '<none>'
      const ready = isExternal ? '-' : String(readyCount(view))
      return [
        view.namespace,
        view.name,
        type,
        address,
        ports.map(renderPort).join(',') || '<none>',
        ready,
      ]
    }),
    json: listOf(views.map(view => renderService(view.service))),
    warnings: [],
  }
}

export function listEndpoints(cluster: LoadedCluster, namespace: string | undefined): Listing {
  const views = viewsOf(cluster, namespace)
  const rows = views.flatMap(view =>
    view.slices.flatMap(slice => slice.endpoints.map(endpoint => ({ view, slice, endpoint }))),
  )
  return {
    columns: ['namespace', 'service', 'address', 'hostname', 'ports', 'ready', 'pod', 'slice'],
    rows: rows.map(({ view, slice, endpoint }) => [
      view.namespace,
      view.name,
      endpoint.address,
      endpoint.hostname || '-',
      renderEndpointPorts(slice),
      renderReadiness(endpoint),
      endpoint.podName || '-',
      slice.name,
    ]),
    json: listOf(views.flatMap(view => view.slices.map(renderEndpointSlice))),
    warnings: [],
  }
}

/** Every record of the zones; with a namespace, the names below it. */
export function listNames(
  { options, store }: LoadedCluster,
  namespace: string | undefined,
): Listing {
  const records = listRecords(
    {
      zone: options.zone,
      ttlSeconds: options.ttlSeconds,
      pods: options.pods,
      localAddresses: ['127.0.0.1'],
    },
    store.everything(),
    Math.floor(Date.now() / 1000),
  )
  const suffix = namespace === undefined ? '' : `${namespace}.svc.${options.zone}.`
  const shown = records.filter(
    ({ name }) => suffix === '' || name === suffix || name.endsWith(`.${suffix}`),
  )
  return {
    rows: shown.flatMap(({ lines }) => lines.map(text => [text])),
    json: shown.map(({ name, type, lines }) => ({ name, type, records: lines })),
    warnings: [],
  }
}

export function listVariables(
  cluster: LoadedCluster,
  options: Parameters<typeof serviceVariables>[1],
): Listing {
  const services = viewsOf(cluster, undefined).map(({ service }) => service)
  const { variables, warnings } = serviceVariables(services, options)
  return {
    rows: variables.map(({ name, value }) => [`${name}=${value}`]),
    json: Object.fromEntries(variables.map(({ name, value }) => [name, value])),
    warnings: warnings.map(({ message }) => message),
  }
}

/** As kubectl prints more than one object. */
function listOf(items: readonly RawObject[]): RawObject {
  return { apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } }
}

function viewsOf({ store }: LoadedCluster, namespace: string | undefined): FullView[] {
  const names =
    namespace === undefined ? [...store.namespaces()].map(({ name }) => name).sort() : [namespace]
  return names.flatMap(name =>
    [...store.services(name)]
      .filter((view): view is FullView => view.service !== undefined)
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  )
}

function renderPort({ port, nodePort, protocol }: Service['ports'][number]): string {
  return nodePort > 0 ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`
}

function renderEndpointPorts({ ports }: EndpointSlice): string {
  return (
    ports
      .map(({ name, port }) => (name === '' ? `${port ?? 'any'}` : `${name}:${port ?? 'any'}`))
      .join(',') || '-'
  )
}

function renderReadiness({ ready, terminating }: Endpoint): string {
  return `${ready ? 'yes' : 'no'}${terminating ? ' (terminating)' : ''}`
}
