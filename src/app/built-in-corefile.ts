/** What the options of standalone mode say about the zone. */
export interface BuiltInOptions {
  readonly zone: string
  readonly pods: 'disabled' | 'insecure' | 'verified'
  readonly ttlSeconds: number
}

/** The configuration without a Corefile: kind's, without the parts that only a cluster has a use for. */
export function builtInCorefile({ zone, pods, ttlSeconds }: BuiltInOptions): string {
  return `.:53 {
    errors
    kubernetes ${zone} in-addr.arpa ip6.arpa {
        pods ${pods}
        ttl ${ttlSeconds}
    }
    loadbalance
}
`
}
