import type { CheckedAddresses } from '../app/check-addresses.ts'
import { renderTable } from './table.ts'

/** What `webhook check` has found, for people: how full the bands are, where addresses come from, and what is wrong. */
export function renderAddresses({ usage, addresses, findings }: CheckedAddresses): string {
  const bands = usage.flatMap(({ cidr, ...bandsOf }) =>
    (['static', 'dynamic'] as const).map(band => [
      cidr,
      band,
      String(bandsOf[band].taken),
      String(bandsOf[band].size),
    ]),
  )
  const origins = Map.groupBy(addresses, ({ origin }) => origin)
  const counts = (['stable', 'user', 'server'] as const).map(
    origin => `${origins.get(origin)?.length ?? 0} ${meanings[origin]}`,
  )
  return [
    renderTable(['cidr', 'band', 'taken', 'size'], bands),
    `\ncluster IPs: ${counts.join(', ')}\n`,
    ...findings.map(({ message }) => `${message}\n`),
  ].join('')
}

const meanings = {
  stable: 'lead from their names',
  user: 'written by somebody',
  server: 'chosen by the API server',
} as const
