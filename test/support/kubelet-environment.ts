/**
 * What a kubelet (1.36) does with service variables, written down apart from `src/environment` so that each judges the other. Where a
 * kubelet leaves it to chance which of two Services has a variable, the one is taken that our rule names: what has `_SERVICE_` behind
 * the Service's name before what has `_PORT_`, then the smaller name.
 */
import { rawArray, rawObject, type RawObject, rawString } from '../../src/objects/raw-value.ts'

/** A Service as the API has it. */
export interface ApiService {
  readonly metadata: { readonly namespace: string; readonly name: string }
  readonly spec: {
    readonly clusterIP?: string
    readonly ports: readonly {
      readonly name?: string
      readonly port: number
      readonly protocol?: string
    }[]
  }
}

export type Environment = Readonly<Record<string, string>>

interface PodOfNamespace {
  readonly namespace: string
  readonly enableServiceLinks: boolean
}

interface Row {
  readonly name: string
  readonly value: string
  /** The smaller one wins. */
  readonly rank: string
}

export function kubeletServiceEnvironment(
  services: readonly ApiService[],
  { namespace, enableServiceLinks }: PodOfNamespace,
): Environment {
  const addressed = services.filter(({ spec }) => !['', 'None'].includes(spec.clusterIP ?? ''))
  const own = addressed.filter(each => enableServiceLinks && each.metadata.namespace === namespace)
  const master = addressed.filter(
    ({ metadata }) => metadata.namespace === 'default' && metadata.name === 'kubernetes',
  )
  const hasOwn = own.some(({ metadata }) => metadata.name === 'kubernetes')
  const rows = [...own, ...(hasOwn ? [] : master)].flatMap(rowsOf)
  rows.sort((a, b) => (a.rank < b.rank ? 1 : -1))
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]))
}

function rowsOf({ metadata, spec }: ApiService): Row[] {
  const ip = spec.clusterIP!
  const service = envName(metadata.name)
  const discovery = (suffix: string, value: number | string): Row => ({
    name: `${service}_SERVICE_${suffix}`,
    value: `${value}`,
    rank: `1 ${metadata.name}`,
  })
  const link = (suffix: string, value: number | string): Row => ({
    name: `${service}_PORT${suffix}`,
    value: `${value}`,
    rank: `2 ${metadata.name}`,
  })
  const named = spec.ports.filter(({ name }) => name)
  const links = spec.ports.map(({ port, protocol = 'TCP' }) => {
    const scheme = { TCP: 'tcp', UDP: 'udp', SCTP: 'sctp' }[protocol]!
    return {
      url: `${scheme}://${ip.includes(':') ? `[${ip}]` : ip}:${port}`,
      scheme,
      port,
      protocol,
    }
  })
  return [
    discovery('HOST', ip),
    discovery('PORT', spec.ports[0]!.port),
    ...named.map(({ name, port }) => discovery(`PORT_${envName(name!)}`, port)),
    link('', links[0]!.url),
    ...links.flatMap(({ url, scheme, port, protocol }) => [
      link(`_${port}_${protocol}`, url),
      link(`_${port}_${protocol}_PROTO`, scheme),
      link(`_${port}_${protocol}_PORT`, port),
      link(`_${port}_${protocol}_ADDR`, ip),
    ]),
  ]
}

function envName(text: string): string {
  return text.split('-').join('_').toUpperCase()
}

/** The environment that a container is started with, without what its image has. */
export function containerEnvironment(
  container: RawObject,
  serviceEnvironment: Environment,
  configMaps: Readonly<Record<string, Environment>> = {},
): Environment {
  const environment: Record<string, string> = {}
  for (const source of rawArray(container['envFrom']).map(rawObject)) {
    const { name, optional } = rawObject(source['configMapRef'])
    const map = configMaps[rawString(name)]
    if (!map && optional !== true) throw new Error(`configmap "${rawString(name)}" not found`)
    for (const [key, value] of Object.entries(map ?? {}))
      environment[`${rawString(source['prefix'])}${key}`] = value
  }
  for (const entry of rawArray(container['env']).map(rawObject)) {
    const value = rawString(entry['value'])
    environment[rawString(entry['name'])] = expandReferences(value, {
      ...serviceEnvironment,
      ...environment,
    })
  }
  return { ...serviceEnvironment, ...environment }
}

/** `$(NAME)` is the variable's value, or stays where there is none; `$$` is a `$`. */
export function expandReferences(text: string, environment: Environment): string {
  return text.replaceAll(/\$\$|\$\(([^)]*)\)/g, (match, name: string | undefined) => {
    if (match === '$$') return '$'
    return Object.hasOwn(environment, name!) ? environment[name!]! : match
  })
}
