import type { Corefile, DirectiveText } from '../../src/corefile/corefile.ts'
import { type CorefileFiles, parseCorefile } from '../../src/corefile/parse-corefile.ts'

/** Files by path and variables by name, as `parseCorefile` wants them. `*` is the only wildcard. */
function corefileFiles(
  files: Readonly<Record<string, string>> = {},
  variables: Readonly<Record<string, string>> = {},
): CorefileFiles {
  return {
    read: path => (Object.hasOwn(files, path) ? files[path] : undefined),
    glob(pattern) {
      const [head = '', tail = ''] = pattern.split('*')
      return Object.keys(files).filter(
        path =>
          path.startsWith(head) &&
          path.endsWith(tail) &&
          !path.slice(head.length, path.length - tail.length).includes('/'),
      )
    },
    environment: name => (Object.hasOwn(variables, name) ? variables[name] : undefined),
  }
}

/** The Corefile of `files`, as the file `Corefile`. */
export function parseFiles(
  files: Readonly<Record<string, string>>,
  variables: Readonly<Record<string, string>> = {},
): Corefile {
  return parseCorefile(files['Corefile'] ?? '', 'Corefile', {
    files: corefileFiles(files, variables),
  })
}

/** One directive in a server block, as its plugin gets it. */
export function directiveText(text: string): DirectiveText {
  return parseFiles({ Corefile: `. {\n${text}\n}` }).blocks[0]!.directives[0]!
}
