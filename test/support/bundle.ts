import { execFileSync } from 'node:child_process'
import { globSync, statSync } from 'node:fs'

/** Builds `dist/` when it is missing or older than a source, so that tests run what ships. */
export function ensureBundle(): void {
  const built = modifiedMs('dist/main.js')
  const inputs = [...globSync('src/**/*.ts'), 'package.json', 'scripts/build.ts']
  if (inputs.every(input => modifiedMs(input) <= built)) return
  execFileSync(process.execPath, ['scripts/build.ts'], { stdio: 'inherit' })
}

/** 0 for a file that is not there. */
function modifiedMs(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
}
