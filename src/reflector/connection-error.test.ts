import t from 'tap'
import { connectionError, credentialsError } from './connection-error.ts'
import { WatchError } from './watch-error.ts'

const server = 'https://10.96.0.1:443'
const failure = (code: string, message = 'words of the system'): Error =>
  Object.assign(new Error(message), code === '' ? {} : { code })

t.test('connectionError() says in one line what stands in the way', async t => {
  const cases: readonly [error: unknown, kind: string, says: string][] = [
    [failure('ECONNREFUSED'), 'network', 'connection refused (ECONNREFUSED)'],
    [failure('ECONNRESET'), 'network', 'connection reset (ECONNRESET)'],
    [failure('ENOTFOUND'), 'network', 'no such host (ENOTFOUND)'],
    [failure('EODD'), 'network', '(EODD)'],
    [failure('', 'socket\nhang up'), 'network', 'socket hang up'],
    ['a text', 'network', ''],
    [
      failure('CERT_HAS_EXPIRED', 'certificate has expired'),
      'tls',
      'certificate has expired (CERT_HAS_EXPIRED)',
    ],
    [
      failure('DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed'),
      'tls',
      'self-signed (DEPTH_ZERO_SELF_SIGNED_CERT)',
    ],
    [
      failure('UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unable'),
      'tls',
      'unable (UNABLE_TO_VERIFY_LEAF_SIGNATURE)',
    ],
    [
      failure('ERR_TLS_CERT_ALTNAME_INVALID', 'altnames'),
      'tls',
      'altnames (ERR_TLS_CERT_ALTNAME_INVALID)',
    ],
    [
      failure('ERR_SSL_WRONG_VERSION_NUMBER', 'wrong'),
      'tls',
      'wrong (ERR_SSL_WRONG_VERSION_NUMBER)',
    ],
    [failure('HPE_INVALID_CONSTANT', 'Expected HTTP/'), 'protocol', '(HPE_INVALID_CONSTANT)'],
  ]
  for (const [error, kind, says] of cases) {
    const { code, message } = connectionError(server, error)
    t.same([code, message], [kind, `Cannot reach "${server}": ${says}`])
  }
  const known = new WatchError('silent', 'nothing came')
  t.equal(connectionError(server, known), known)
})

t.test('credentialsError() never quotes what could not be parsed', async t => {
  const parse = (): unknown => JSON.parse('eyJhbGciOi')
  const cases: readonly [error: unknown, says: string][] = [
    [
      failure('ENOENT', "ENOENT: no such file or directory, open '/token'"),
      "ENOENT: no such file or directory, open '/token'",
    ],
    [caught(parse), 'malformed'],
    ['eyJhbGciOi', 'malformed'],
  ]
  for (const [error, says] of cases) {
    const { code, message } = credentialsError(server, error)
    t.same([code, message], ['credentials', `Cannot read the credentials for "${server}": ${says}`])
  }
})

function caught(act: () => unknown): unknown {
  try {
    return act()
  } catch (error) {
    return error
  }
}
