import { defineConfig, type OxlintOverride } from 'oxlint'
import { layers } from './layers.ts'

/** Modules and globals that would make a pure folder depend on the outside world. */
const impureModules = {
  group: ['node:*', '!node:buffer'],
  message: 'This folder is pure (layers.ts): pass what is needed as an argument.',
}
const impureGlobals = [
  'process',
  'fetch',
  'performance',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
]

const pureRules: NonNullable<OxlintOverride['rules']> = {
  'no-restricted-globals': ['error', ...impureGlobals],
  'no-restricted-properties': [
    'error',
    { object: 'Date', property: 'now' },
    { object: 'Math', property: 'random' },
  ],
}

/** Other plugins, seen from a file in the folder of one. */
const neighbours = {
  group: ['../*/**', '!../../**'],
  message: 'A plugin may not import another one: put what both use beside src/plugins/handler.ts.',
}

function layerOverride(folder: string, files: string, more: readonly object[]): OxlintOverride {
  const { pure, mayImport } = layers[folder]!
  const forbidden = Object.keys(layers).filter(
    other => other !== folder && !mayImport.includes(other),
  )
  const patterns: object[] = forbidden.map(other => ({
    group: [`**/${other}/**`],
    message: `src/${folder} may not import src/${other} (layers.ts).`,
  }))
  if (pure) patterns.push(impureModules)
  return {
    files: [files],
    excludeFiles: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': ['error', { patterns: [...patterns, ...more] }],
      ...(pure ? pureRules : {}),
    },
  }
}

export default defineConfig({
  plugins: ['typescript', 'import', 'node', 'unicorn', 'promise'],
  categories: { correctness: 'error', suspicious: 'error' },
  options: { typeAware: true },
  ignorePatterns: ['dist/**', 'node_modules/**', '.tap/**'],
  rules: {
    'max-lines': ['error', { max: 300 }],
    'max-params': ['error', { max: 3 }],
    'no-console': 'error',
    'no-shadow': 'off',
    'import/no-default-export': 'error',
    'import/no-cycle': 'error',
    'import/extensions': 'off',
    'import/no-unassigned-import': 'off',
    'import/no-named-as-default-member': 'off',
    'typescript/no-explicit-any': 'error',
    'typescript/consistent-type-imports': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/switch-exhaustiveness-check': [
      'error',
      { considerDefaultExhaustiveForUnions: true },
    ],
    'typescript/no-non-null-assertion': 'off',
    'typescript/no-unsafe-type-assertion': 'off',
    'unicorn/prefer-node-protocol': 'error',
    'unicorn/no-array-sort': 'off',
    'unicorn/require-post-message-target-origin': 'off',
    'unicorn/no-array-reverse': 'off',
    eqeqeq: 'error',
    'no-var': 'error',
    'prefer-const': 'error',
  },
  overrides: [
    ...Object.keys(layers).map(folder => layerOverride(folder, `src/${folder}/**/*.ts`, [])),
    // Takes the place of the one above in the folders of plugins.
    layerOverride('plugins', 'src/plugins/*/**/*.ts', [neighbours]),
    { files: ['bin/**'], rules: { 'no-var': 'off', 'no-console': 'off' } },
    {
      files: ['oxlint.config.ts', 'coverage-map.ts'],
      rules: { 'import/no-default-export': 'off' },
    },
    {
      files: ['**/*.test.ts', 'test/**', 'bench/**', 'scripts/**'],
      rules: {
        'no-console': 'off',
        'typescript/no-floating-promises': 'off',
        'max-params': 'off',
        'unicorn/consistent-function-scoping': 'off',
      },
    },
  ],
})
