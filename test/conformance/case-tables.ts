import type { QueryCase } from '../support/query-cases.ts'
import { externalNameCases } from './cases/external-names.ts'
import { headlessCases } from './cases/headless.ts'
import { reverseCases } from './cases/reverse.ts'
import { serviceCases } from './cases/services.ts'
import { zoneNameCases } from './cases/zone-names.ts'

/** Every case, by what it is about. */
export const caseTables: Readonly<Record<string, readonly QueryCase[]>> = {
  'zone names': zoneNameCases,
  'services with a ClusterIP': serviceCases,
  'headless services': headlessCases,
  'ExternalName services': externalNameCases,
  'reverse names': reverseCases,
}
