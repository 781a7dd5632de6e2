import { Rcode } from '../../dns/rcode.ts'
import type { ResourceRecord } from '../../dns/resource-record.ts'
import { renderName } from '../../dns/wire-name.ts'
import type { Answer, Query } from '../handler.ts'
import type { ServingContext } from '../serving-context.ts'
import { isTransferAllowed } from '../allowed-transfer.ts'

/** All records of a zone of the cluster: the control thread has them. REFUSED where `transfer` does not let the client. */
export async function transferRecords(
  query: Query,
  askControl: ServingContext['askControl'],
): Promise<Awaited<Answer>> {
  if (!isTransferAllowed(query)) return { rcode: Rcode.refused, authoritative: false }
  const answers = await askControl('transfer', { zone: renderName(query.name) })
  if (Array.isArray(answers)) {
    const records = answers as readonly ResourceRecord[]
    return { rcode: Rcode.noError, authoritative: true, answers: records }
  }
  const error = `no records of ${renderName(query.name)} for a transfer`
  return { rcode: Rcode.servFail, authoritative: false, error }
}
