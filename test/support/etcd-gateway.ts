/** What of etcd a test needs, over its HTTP gateway. */
export class EtcdGateway {
  readonly #base: string

  constructor(base: string) {
    this.#base = base
  }

  async isHealthy(): Promise<boolean> {
    try {
      const response = await fetch(`${this.#base}/health`)
      return ((await response.json()) as { health: string }).health === 'true'
    } catch {
      // Nobody listens yet.
      return false
    }
  }

  /** Writes something that is no object, and then forgets every older revision: a watch from one of them is refused. */
  async forgetHistory(): Promise<void> {
    const { header } = await this.#post('put', { key: base64('/signpost-test'), value: base64('') })
    await this.#post('compaction', { revision: header.revision, physical: true })
  }

  async #post(
    operation: string,
    body: object,
  ): Promise<{ readonly header: { readonly revision: string } }> {
    const response = await fetch(`${this.#base}/v3/kv/${operation}`, {
      method: 'POST',
      body: JSON.stringify(body),
    })
    if (!response.ok)
      throw new Error(`etcd: ${operation}: ${response.status} ${await response.text()}`)
    return (await response.json()) as { header: { revision: string } }
  }
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
