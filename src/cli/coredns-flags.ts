import { UsageError } from './usage-error.ts'

/** CoreDNS's own flags, and what they are of ours. */
const flags: Readonly<Record<string, { readonly ours: string; readonly hasValue: boolean }>> = {
  conf: { ours: '--conf', hasValue: true },
  'dns.port': { ours: '--dns-port', hasValue: true },
  p: { ours: '--dns-port', hasValue: true },
  pidfile: { ours: '--pidfile', hasValue: true },
  quiet: { ours: '--quiet', hasValue: false },
  // Ours, for those who add a folder to a command line of CoreDNS.
  manifests: { ours: '--manifests', hasValue: true },
  state: { ours: '--state', hasValue: true },
  workers: { ours: '--workers', hasValue: true },
  'service-cidr': { ours: '--service-cidr', hasValue: true },
  'pod-cidr': { ours: '--pod-cidr', hasValue: true },
}

/**
 * `-conf /etc/coredns/Corefile -dns.port 1053`, the command line that CoreDNS's manifests have, as ours: `serve --conf …`. With
 * one dash or two and with `=` or a space, as Go takes them. A command line that begins otherwise is returned as it is.
 */
export function translateCorednsFlags(args: readonly string[]): readonly string[] {
  const [first = ''] = args
  if (!/^--?[a-z]/.test(first) || /^(-h|--?help|--version)$/.test(first)) return args
  if (/^--?version$/.test(first)) return ['version']
  if (/^--?plugins$/.test(first)) return ['plugins']
  const translated = ['serve']
  for (let at = 0; at < args.length; at++) {
    const [, name = '', value] = /^--?([a-z][a-z.-]*)(?:=(.*))?$/s.exec(args[at]!) ?? []
    const flag = Object.hasOwn(flags, name) ? flags[name] : undefined
    if (!flag) {
      throw new UsageError(
        `"${args[at]}" is neither a command nor a flag of CoreDNS: known are -${Object.keys(flags).join(', -')}, -plugins, -version`,
      )
    }
    translated.push(flag.ours)
    if (!flag.hasValue) continue
    const given = value ?? args[++at]
    if (given === undefined) throw new UsageError(`-${name}: expected a value`)
    translated.push(given)
  }
  return translated
}
