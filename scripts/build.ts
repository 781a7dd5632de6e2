/**
 * Bundles what ships: one file for the control thread, one for the serving threads, because a bundle starts in
 * a tenth of the time and with a fraction of the memory of a tree of modules. What only an API server takes is a file of
 * its own, which is loaded when there is one: docs/decisions/0005-client-node-reads-kubeconfigs.md. So is the admission server,
 * of which the DNS server has nothing.
 */
import { rm } from 'node:fs/promises'
import { build, type BuildOptions } from 'esbuild'
import { onlyKubeConfig } from './only-kube-config.ts'

const shared: BuildOptions = {
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'linked',
  logLevel: 'warning',
  // CommonJS dependencies ask for Node's own modules with require().
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
}

await rm('dist', { recursive: true, force: true })
await build({ ...shared, entryPoints: { worker: 'src/server/worker.ts' } })
await build({
  ...shared,
  entryPoints: {
    main: 'src/cli/main.ts',
    'kube-access': 'src/access/kube-access.ts',
    admission: 'src/app/admission.ts',
  },
  splitting: true,
  chunkNames: 'shared-[hash]',
  plugins: [onlyKubeConfig],
})
