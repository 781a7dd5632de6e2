/** `auth-provider` of a kubeconfig's user. */
interface AuthProvider {
  readonly name?: unknown
  readonly config?: Readonly<Record<string, unknown>> | null
}

/**
 * The settings of an OpenID Connect provider, so that the library can renew a token by them: it hands the issuer on as it is,
 * which must be a URL by then (kubernetes-client/javascript#2202), and forgets the refresh token where the provider sends no new one.
 * With a CA of the provider's own it always fails; without, NODE_EXTRA_CA_CERTS can name it.
 */
export function prepareOidc<Provider extends AuthProvider>(provider: Provider): Provider {
  const { config } = provider
  if (provider.name !== 'oidc' || !config) return provider
  const issuer = config['idp-issuer-url']
  let refreshToken = config['refresh-token']
  const {
    'idp-certificate-authority': _file,
    'idp-certificate-authority-data': _data,
    ...rest
  } = config
  return {
    ...provider,
    config: {
      ...rest,
      'idp-issuer-url': (typeof issuer === 'string' && URL.parse(issuer)) || issuer,
      get 'refresh-token'() {
        return refreshToken
      },
      set 'refresh-token'(renewed) {
        refreshToken = renewed ?? refreshToken
      },
    },
  }
}
