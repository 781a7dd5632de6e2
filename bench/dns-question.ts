import { createSocket } from 'node:dgram'
import { type Answer, decode, type DecodedPacket, encode, RECURSION_DESIRED } from 'dns-packet'

const timeoutMs = 500

export interface Question {
  readonly name: string
  readonly type: 'A' | 'AAAA' | 'PTR' | 'SOA' | 'SRV'
}

export interface Reply {
  readonly rcode: string
  readonly isTruncated: boolean
  /** As `type data`, sorted: rotation is no difference. */
  readonly answers: readonly string[]
}

export function encodeQuestion({ name, type }: Question, id: number): Buffer {
  return encode({ type: 'query', id, flags: RECURSION_DESIRED, questions: [{ name, type }] })
}

export function decodeReply(bytes: Uint8Array): Reply {
  // dns-packet's types do not know what decode() makes of the rcode.
  const packet = decode(Buffer.from(bytes)) as DecodedPacket & { readonly rcode: string }
  return {
    rcode: packet.rcode,
    isTruncated: packet.flag_tc,
    answers: (packet.answers ?? []).map(renderAnswer).sort(),
  }
}

/** Where to ask; on loopback when `host` is not given. */
export interface AskedServer {
  readonly host?: string
  readonly port: number
}

/** One question over UDP; `undefined` when nobody answers in time. */
export function ask(
  { host = '127.0.0.1', port }: AskedServer,
  question: Question,
): Promise<Reply | undefined> {
  return new Promise(resolve => {
    const socket = createSocket('udp4')
    const finish = (reply: Reply | undefined): void => {
      clearTimeout(timer)
      socket.close()
      resolve(reply)
    }
    const timer = setTimeout(() => finish(undefined), timeoutMs)
    socket.once('message', bytes => finish(decodeReply(bytes)))
    // Refused for now: nobody listens yet.
    socket.once('error', () => finish(undefined))
    socket.connect(port, host, () => socket.send(encodeQuestion(question, 1)))
  })
}

function renderAnswer(answer: Answer): string {
  if (answer.type === 'SRV') {
    const { priority, weight, port, target } = answer.data
    return `SRV ${priority} ${weight} ${port} ${target}`
  }
  return `${answer.type} ${'data' in answer && typeof answer.data === 'string' ? answer.data : ''}`
}
