import t from 'tap'
import { prepareOidc } from './oidc-provider.ts'

t.test('prepareOidc() gives the library what it can use', async t => {
  const given: Readonly<Record<string, unknown>> = {
    'client-id': 'signpost',
    'refresh-token': 'first',
    'idp-issuer-url': 'https://id.example/realm',
    'idp-certificate-authority': 'ca.crt',
    'idp-certificate-authority-data': 'data',
  }
  const config: Record<string, unknown> = prepareOidc({ name: 'oidc', config: given }).config
  t.equal(config['client-id'], 'signpost')
  t.ok(config['idp-issuer-url'] instanceof URL)
  t.equal(String(config['idp-issuer-url']), 'https://id.example/realm')
  t.notOk('idp-certificate-authority' in config)
  t.notOk('idp-certificate-authority-data' in config)
  config['refresh-token'] = undefined
  t.equal(config['refresh-token'], 'first', 'none has come')
  config['refresh-token'] = 'second'
  t.equal(config['refresh-token'], 'second')
})

t.test('prepareOidc() leaves what it does not know', async t => {
  for (const provider of [{ name: 'gcp', config: {} }, { name: 'oidc' }, {}]) {
    t.equal(prepareOidc(provider), provider)
  }
  const { config } = prepareOidc({ name: 'oidc', config: { 'idp-issuer-url': 'none' } })
  t.equal(config['idp-issuer-url'], 'none')
})
