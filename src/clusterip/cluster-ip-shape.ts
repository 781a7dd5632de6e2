import { familyOf, type IpFamily, isIpv4Mapped, parseIp } from '../lib/ip.ts'
import { headlessClusterIp, isHeadless, type Service } from '../objects/service.ts'
import {
  duplicateValue,
  type FieldError,
  invalidValue,
  requiredValue,
  unsupportedValue,
} from './field-error.ts'

const families: readonly string[] = ['IPv4', 'IPv6'] satisfies IpFamily[]
const policies = ['PreferDualStack', 'RequireDualStack', 'SingleStack']

/**
 * Whether `clusterIP`, `clusterIPs`, `ipFamilies` and `ipFamilyPolicy` make sense together, before
 * anything is filled in. kubernetes validation: ValidateServiceClusterIPsRelatedFields.
 */
export function checkClusterIpShape(service: Service): FieldError[] {
  const errors = [
    ...checkClusterIpMatches(service),
    ...checkFamilies(service),
    ...checkPolicy(service),
  ]
  const badAddresses = checkAddresses(service)
  errors.push(...badAddresses)
  if (service.clusterIPs.length > 2) {
    errors.push(invalidValue('spec.clusterIPs', service.clusterIPs, 'may only hold up to 2 values'))
  }
  // What follows would only repeat itself for addresses that are none.
  return badAddresses.length > 0 ? errors : [...errors, ...checkAddressFamilies(service)]
}

function checkClusterIpMatches({ clusterIP, clusterIPs }: Service): FieldError[] {
  const field = 'spec.clusterIPs'
  if (clusterIP === '') {
    const detail = 'must be empty when `clusterIP` is not specified'
    return clusterIPs.length === 0 ? [] : [invalidValue(field, clusterIPs, detail)]
  }
  if (clusterIPs.length === 0) return [requiredValue(field)]
  if (clusterIPs[0] === clusterIP) return []
  return [invalidValue(field, clusterIPs, 'first value must match `clusterIP`')]
}

function checkFamilies({ ipFamilies }: Service): FieldError[] {
  return ipFamilies.flatMap((family, index) => {
    const field = `spec.ipFamilies[${index}]`
    if (!families.includes(family)) return [unsupportedValue(field, family, families)]
    return ipFamilies.indexOf(family) < index ? [duplicateValue(field, family)] : []
  })
}

function checkPolicy({ ipFamilyPolicy }: Service): FieldError[] {
  if (ipFamilyPolicy === undefined || policies.includes(ipFamilyPolicy)) return []
  return [unsupportedValue('spec.ipFamilyPolicy', ipFamilyPolicy, policies)]
}

function checkAddresses({ clusterIPs }: Service): FieldError[] {
  return clusterIPs.flatMap((address, index) => {
    if (index > 0 || address !== headlessClusterIp) {
      const problem = addressProblem(address)
      return problem ? [invalidValue(`spec.clusterIPs[${index}]`, address, problem)] : []
    }
    if (clusterIPs.length === 1) return []
    return [invalidValue('spec.clusterIPs', clusterIPs, "'None' must be the first and only value")]
  })
}

function addressProblem(text: string): string | undefined {
  const bytes = parseIp(text)
  if (bytes) return isIpv4Mapped(bytes) ? 'must not be an IPv4-mapped IPv6 address' : undefined
  if (parseIp(text.replaceAll(/(^|[.:])0+(?=\d+(\.|$))/g, '$1'))) return 'must not have leading 0s'
  return 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'
}

function checkAddressFamilies(service: Service): FieldError[] {
  const { clusterIPs, ipFamilies } = service
  if (isHeadless(service)) return []
  const errors: FieldError[] = []
  const given = clusterIPs.map(address => familyOf(parseIp(address)!))
  if (given.length > 1 && new Set(given).size < given.length) {
    const detail = 'may specify no more than one IP for each IP family'
    errors.push(invalidValue('spec.clusterIPs', clusterIPs, detail))
  }
  for (const [index, family] of given.entries()) {
    const wanted = ipFamilies[index]
    if (wanted === undefined || wanted === family) continue
    const detail = `expected an ${wanted} value as indicated by \`ipFamilies[${index}]\``
    errors.push(invalidValue(`spec.clusterIPs[${index}]`, clusterIPs[index], detail))
  }
  return errors
}
