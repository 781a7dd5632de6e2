/**
 * What each folder of `src/` may import, and whether it is pure: no sockets, files, clocks, timers,
 * environment or randomness. Read by the linter (oxlint.config.ts) and by the test of ARCHITECTURE.md.
 */
export interface Layer {
  readonly pure: boolean
  readonly mayImport: readonly string[]
}

export const layers: Readonly<Record<string, Layer>> = {
  lib: { pure: true, mayImport: [] },
  dns: { pure: true, mayImport: ['lib'] },
  objects: { pure: true, mayImport: ['lib'] },
  corefile: { pure: true, mayImport: ['lib', 'dns'] },
  answers: { pure: true, mayImport: ['lib', 'dns'] },
  store: { pure: true, mayImport: ['lib', 'objects'] },
  clusterip: { pure: true, mayImport: ['lib', 'objects'] },
  endpoints: { pure: true, mayImport: ['lib', 'objects'] },
  environment: { pure: true, mayImport: ['lib', 'objects', 'store'] },
  zone: { pure: true, mayImport: ['lib', 'dns', 'objects', 'store', 'answers'] },
  reflector: { pure: false, mayImport: ['lib'] },
  client: { pure: false, mayImport: ['reflector'] },
  sources: { pure: false, mayImport: ['lib', 'objects', 'clusterip', 'endpoints', 'reflector'] },
  plugins: { pure: false, mayImport: ['lib', 'dns', 'objects', 'corefile', 'answers'] },
  server: { pure: false, mayImport: ['lib', 'dns', 'corefile', 'answers', 'plugins'] },
  admission: {
    pure: false,
    mayImport: ['lib', 'objects', 'store', 'clusterip', 'environment', 'reflector', 'client'],
  },
  ops: { pure: false, mayImport: ['lib'] },
  access: { pure: false, mayImport: ['reflector'] },
  diagnose: { pure: false, mayImport: ['lib', 'dns', 'objects', 'corefile', 'store', 'zone'] },
  app: {
    pure: false,
    mayImport: [
      'lib',
      'dns',
      'objects',
      'corefile',
      'answers',
      'store',
      'clusterip',
      'endpoints',
      'environment',
      'zone',
      'reflector',
      'client',
      'sources',
      'plugins',
      'server',
      'admission',
      'ops',
      'diagnose',
      'access',
    ],
  },
  cli: { pure: false, mayImport: ['lib', 'corefile', 'diagnose', 'app'] },
}
