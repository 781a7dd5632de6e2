import { globSync, readFileSync } from 'node:fs'

/** A union of string literals behind `=` or `:`, however it is broken into lines. */
const literal = String.raw`'[^']+'`
const union = String.raw`\s*\|?\s*(${literal}(?:\s*\|\s*${literal})*)`
/** `type ZoneProblemKind = 'a' | 'b'`, where the name says that it is a reason for something. */
const namedCodes = new RegExp(String.raw`type \w*(?:Code|Problem\w*|Reason)\s*=${union}`, 'g')
/** `readonly code: 'a' | 'b'` within an interface or class. */
const inlineCodes = new RegExp(String.raw`readonly (?:code|reason)\s*:${union}`, 'g')

/** The closed codes that a source file defines, in the order of their definition. */
export function codesIn(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, ' ').replace(/\/\/.*$/gm, ' ')
  return [...code.matchAll(namedCodes), ...code.matchAll(inlineCodes)].flatMap(([, list]) =>
    [...list!.matchAll(/'([^']+)'/g)].map(([, name]) => name!),
  )
}

/** All of them, by the file that defines them. */
export function definedCodes(): Map<string, string[]> {
  return new Map(
    sourceFiles()
      .map(file => [file, codesIn(readFileSync(file, 'utf8'))] as const)
      .filter(([, codes]) => codes.length > 0),
  )
}

/** Every class of errors under `src/`. */
export function errorClasses(): string[] {
  return sourceFiles().flatMap(file =>
    [...readFileSync(file, 'utf8').matchAll(/class (\w+) extends \w*Error\b/g)].map(
      ([, name]) => name!,
    ),
  )
}

function sourceFiles(): string[] {
  return globSync('src/**/*.ts').filter(file => !file.endsWith('.test.ts'))
}
