import { WatchError, type WatchErrorCode } from './watch-error.ts'

/** The error for a connection that failed; `server` is `https://10.96.0.1:443`. */
export function connectionError(server: string, error: unknown): WatchError {
  if (error instanceof WatchError) return error
  const { code = '', message } =
    error instanceof Error ? (error as NodeJS.ErrnoException) : { message: '' }
  const kind = kindOf(code)
  const told = tellings[code] ?? (kind === 'tls' || code === '' ? oneLine(message) : '')
  const detail = [told, code === '' ? '' : `(${code})`].filter(part => part !== '').join(' ')
  return new WatchError(kind, `Cannot reach "${server}": ${detail}`, { cause: error })
}

/** The error for credentials that cannot be read. */
export function credentialsError(server: string, error: unknown): WatchError {
  // A parser quotes what it could not parse, and that may be a token.
  const isQuoting = error instanceof SyntaxError
  const detail = isQuoting || !(error instanceof Error) ? 'malformed' : oneLine(error.message)
  return new WatchError('credentials', `Cannot read the credentials for "${server}": ${detail}`, {
    cause: error,
  })
}

const tellings: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection reset',
  ETIMEDOUT: 'connection timed out',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'its name cannot be resolved',
}

function kindOf(code: string): WatchErrorCode {
  if (code.startsWith('HPE_')) return 'protocol'
  return /^ERR_(?:TLS|SSL)_|^EPROTO$|CERT|SIGNATURE/.test(code) ? 'tls' : 'network'
}

function oneLine(message: string): string {
  return message
    .slice(0, 300)
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
}
