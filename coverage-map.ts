import { layers } from './layers.ts'

/**
 * Which source a test answers for, whole: in pure folders the one that it stands beside and is named for, `web.test.ts` and
 * `web.subject.test.ts` for `web.ts`. What a test covers of other files by the way does not count, nor do random tests: they
 * take other ways each time. Read by tap (.taprc).
 */
export default function answersFor(test: string): string | null {
  const [, folder = '', name, subject] =
    /^src\/([^/]+)\/([^/.]+)(?:\.([^/.]+))?\.test\.ts$/.exec(test) ?? []
  if (!layers[folder]?.pure || subject === 'property') return null
  return `src/${folder}/${name}.ts`
}

const throughTable =
  'answer-table.test.ts covers it, in part by chance: random steps, racing readers'
const throughZone = 'cluster-zone.*.test.ts and the conformance cases cover it whole'
const throughArguments = 'arguments.test.ts covers it whole'
const throughParser = 'parse-corefile.*.test.ts cover it'
const throughRegularExpression = 'regular-expression.test.ts covers it'
const throughValidators = 'validate-*.test.ts cover it whole'

/** Pure files that have no test of their own yet, and what is missing. Rows go, none come: test/coverage-map.test.ts counts. */
export const unanswered: Readonly<Record<string, string>> = {
  'src/answers/answer-index.ts': throughTable,
  'src/answers/answer-reader.ts': throughTable,
  'src/answers/answer-writer.ts': throughTable,
  'src/answers/arena.ts': throughTable,
  'src/answers/zone-list.ts': `${throughTable}; a SOA with too many pointers is not tried`,
  'src/answers/table-answers.ts': 'test/server/*.test.ts and the conformance cases cover it',
  'src/corefile/address-arguments.ts': throughArguments,
  'src/corefile/canonical-text.ts': throughParser,
  'src/corefile/corefile-error.ts': throughParser,
  'src/corefile/duration-arguments.ts': throughArguments,
  'src/corefile/import-path.ts': throughParser,
  'src/corefile/import-reader.ts': throughParser,
  'src/corefile/masked-cidr.ts': throughArguments,
  'src/corefile/number-arguments.ts': throughArguments,
  'src/corefile/re2-brackets.ts': throughRegularExpression,
  'src/corefile/re2-escape.ts': throughRegularExpression,
  'src/corefile/re2-scanner.ts': throughRegularExpression,
  'src/corefile/re2-translator.ts': throughRegularExpression,
  'src/corefile/regexp-classes.ts': throughRegularExpression,
  'src/corefile/text-arguments.ts': throughArguments,
  'src/corefile/token-cursor.ts': throughParser,
  'src/clusterip/claims.ts': 'service-allocator.*.test.ts but for a family without a pool',
  'src/clusterip/cluster-ips.ts': 'service-allocator.*.test.ts but for a Service without families',
  'src/clusterip/held-resources.ts': 'service-allocator.*.test.ts cover it whole',
  'src/dns/rdata-field-text.ts': 'record-text.test.ts covers it',
  'src/dns/rdata-shape.ts': 'rdata-reader.test.ts covers it',
  'src/objects/field-reader.ts': throughValidators,
  'src/objects/name-rules.ts': throughValidators,
  'src/objects/port-rules.ts': throughValidators,
  'src/objects/validate-metadata.ts': throughValidators,
  'src/zone/address-index.ts': `${throughZone} but for text that is no address, in both directions`,
  'src/zone/alias-index.ts': throughZone,
  'src/zone/alias-records.ts': `${throughZone} but for a view without a Service, and a chain that ends in a name that is none`,
  'src/zone/cluster-zone-options.ts': throughZone,
  'src/zone/endpoint-label.ts': throughZone,
  'src/zone/member-answers.ts': throughZone,
  'src/zone/name-servers.ts': `${throughZone} but for no name server at all, and a local address that does not read`,
  'src/zone/pod-records.ts': throughZone,
  'src/zone/resource-record.ts': throughZone,
  'src/zone/reverse-records.ts': `${throughZone} but for targets that come in order`,
  'src/zone/service-difference.ts': throughZone,
  'src/zone/service-members.ts': throughZone,
  'src/zone/service-records.ts': throughZone,
  'src/zone/service-shape.ts': `${throughZone} but for a view without a Service, and clusterIP without clusterIPs`,
  'src/zone/soa-records.ts': throughZone,
  'src/zone/zone-lookup.ts': `${throughZone} but for an alias of a name below neither svc, pod nor dns`,
  'src/zone/zone-records.ts': `${throughZone} but for an alias whose own name is illegal`,
}
