/** One collection of an API server, as a list or a watch asks for it. */
export interface ApiResource {
  /** `discovery.k8s.io`; '' for the core group. */
  readonly group: string
  readonly version: string
  /** `endpointslices` */
  readonly plural: string
  /** One namespace only; all of them when absent. */
  readonly namespace?: string
  readonly fieldSelector?: string
  readonly labelSelector?: string
  /** Objects in one page where the server cannot stream lists. */
  readonly pageSize: number
}

/** Which collection it is, without how it is asked for. */
export type ApiCollection = Pick<ApiResource, 'group' | 'version' | 'plural' | 'namespace'>

/** `/apis/discovery.k8s.io/v1/endpointslices` */
export function resourcePath({ group, version, plural, namespace }: ApiCollection): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
  return namespace === undefined ? `${root}/${plural}` : `${root}/namespaces/${namespace}/${plural}`
}

/** `endpointslices.discovery.k8s.io`, as kubectl and the messages of the API server say it. */
export function resourceName({ group, plural }: ApiCollection): string {
  return group === '' ? plural : `${plural}.${group}`
}
