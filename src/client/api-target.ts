import { type ApiCollection, resourcePath } from '../reflector/api-resource.ts'

/** One object of an API server, by its name. */
export interface ApiTarget extends ApiCollection {
  readonly name: string
}

/** `/api/v1/namespaces/default/configmaps/links` */
export function targetPath(target: ApiTarget): string {
  return `${resourcePath(target)}/${target.name}`
}
