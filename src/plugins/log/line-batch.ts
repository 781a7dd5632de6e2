/** Collects the lines of one turn of the event loop and hands them on as one text: one message to another thread, not many. */
export class LineBatch {
  readonly #send: (text: string) => void
  #lines: string[] = []
  #timer: NodeJS.Immediate | undefined

  constructor(send: (text: string) => void) {
    this.#send = send
  }

  add(line: string): void {
    this.#lines.push(line)
    this.#timer ??= setImmediate(() => this.flush())
  }

  flush(): void {
    clearImmediate(this.#timer)
    this.#timer = undefined
    if (this.#lines.length === 0) return
    const lines = this.#lines
    this.#lines = []
    this.#send(lines.join('\n'))
  }
}
