import type { RequestOptions } from 'node:https'

/** How to reach an API server, as it is read for one connection. */
export interface ApiConnection {
  /** `https://[fd00::1]:6443`, with a path where the server is behind one. */
  readonly base: URL
  /** Certificates, credentials, headers: what `https.request` takes beside the address. */
  readonly options: RequestOptions
}

/** Where the API server is and who asks it. */
export interface ApiAccess {
  /** The address of the server, for messages. */
  readonly server: string
  /**
   * Asked anew for each connection, because certificates and tokens are replaced on disk. `refused` when the server has answered
   * 401 to what it said last: credentials that would be kept until they end are then fetched again. Rejects where they cannot be.
   */
  connect(last?: 'refused'): Promise<ApiConnection>
}
