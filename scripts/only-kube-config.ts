import type { Plugin } from 'esbuild'

/** Modules that only requests of the library itself need, and what is imported from each. We make our own requests. */
const unused: readonly (readonly [module: RegExp, exports: readonly string[]])[] = [
  [/^undici$/, ['Agent', 'ProxyAgent']],
  [/^\.\/gen\/index\.js$/, ['createConfiguration', 'ServerConfiguration']],
  [/^\.\/gen\/rxjsStub\.js$/, ['of']],
]

/** Bundles of `@kubernetes/client-node` what reads kubeconfigs and credentials, and nothing of its HTTP client and its models. */
export const onlyKubeConfig: Plugin = {
  name: 'only-kube-config',
  setup(build) {
    for (const [filter, exports] of unused) {
      build.onResolve({ filter }, ({ path, importer }) =>
        importer.includes('/@kubernetes/client-node/dist/')
          ? { path, namespace: 'unused', pluginData: exports }
          : undefined,
      )
    }
    build.onLoad({ filter: /^/, namespace: 'unused' }, ({ pluginData }) => ({
      contents: (pluginData as readonly string[])
        .map(name => `export function ${name}() { throw new Error('${name} is not bundled') }`)
        .join('\n'),
    }))
  },
}
