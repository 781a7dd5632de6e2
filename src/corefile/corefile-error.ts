/** Where something stands: the file as the path was given, and the line, counted from 1. */
export interface Place {
  readonly file: string
  readonly line: number
}

/** What is wrong in a Corefile. The message begins with the place: `Corefile:7: …`. */
export class CorefileError extends SyntaxError implements Place {
  override readonly name = 'CorefileError'
  readonly file: string
  readonly line: number

  constructor({ file, line }: Place, problem: string) {
    super(`${file}:${line}: ${problem}`)
    this.file = file
    this.line = line
  }
}
