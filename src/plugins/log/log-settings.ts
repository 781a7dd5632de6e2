import type { Directive } from '../../corefile/directive.ts'
import { oneOf, text } from '../../corefile/text-arguments.ts'
import { zoneNames } from '../../corefile/zone-arguments.ts'
import type { ReplyClass } from './reply-class.ts'

/** Which queries are logged, and how. */
export interface LogSettings {
  /** Names in these zones. */
  readonly zones: readonly string[]
  readonly format: string
  readonly classes: readonly ReplyClass[]
}

const commonFormat =
  '{remote}:{port} - {>id} "{type} {class} {name} {proto} {size} {>do} {>bufsize}" {rcode} {>rflags} {rsize} {duration}'
const combinedFormat = `${commonFormat} "{>opcode}"`

/** Reads `log [NAMES…] [FORMAT] { class CLASSES… }`. A word with a brace is the format. */
export function readLog(directive: Directive): LogSettings {
  const zones: string[] = []
  let format = commonFormat
  while (directive.peek() !== undefined) {
    if (directive.peek()!.includes('{')) {
      format = directive
        .one(text)
        .replaceAll('{common}', commonFormat)
        .replaceAll('{combined}', combinedFormat)
      break
    }
    zones.push(...directive.one(zoneNames))
  }
  const classes = new Set<ReplyClass | 'all'>()
  directive.block({
    class: line => {
      const name = oneOf('success', 'denial', 'error', 'all')
      for (const one of [line.one(name), ...line.rest(name)]) classes.add(one)
    },
  })
  const all: readonly ReplyClass[] = ['success', 'denial', 'error']
  return {
    zones: zones.length > 0 ? zones : ['.'],
    format,
    classes: classes.size === 0 || classes.has('all') ? all : all.filter(one => classes.has(one)),
  }
}
