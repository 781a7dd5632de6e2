/** What the command line names and is not there: exit code 2 and one line that says what was expected. */
import { join } from 'node:path'
import t from 'tap'
import { runHere } from '../support/cli-run.ts'

t.test(
  'a file that is not there is a wrong command line, a Corefile with an error is not',
  async t => {
    const root = t.testdir({
      folder: {},
      cluster: 'cluster.local:0 {\n kubernetes\n}\n',
      wrong: '.:0 {\n nothing\n}\n',
      broken: 'kind: Pod\nspec: [\n',
      latin: Buffer.from([0x61, 0xe4]),
      open: '.:0 {\n import parts/nothing\n}\n',
      alone: '.:0 {\n whoami\n}\n',
    })
    const at = (name: string): string => join(root, name)
    const manifests = ['--manifests', 'examples']
    const listen = ['--listen', '127.0.0.1:0']
    const noCorefile = `Cannot read the Corefile "${at('gone')}": expected a file, got nothing of that name`
    const noSource =
      "not in a cluster: expected --manifests DIR, --kubeconfig FILE, or a pod's service account (KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set)"

    const cases: readonly [args: readonly string[], code: number, err: string | RegExp][] = [
      [['check', at('gone')], 2, noCorefile],
      [['serve', '--conf', at('gone')], 2, noCorefile],
      [['-conf', at('gone')], 2, noCorefile],
      [
        ['check', at('folder')],
        2,
        /^Cannot read the Corefile ".*": expected a file, got a folder$/,
      ],
      [['check', at('alone/x')], 2, /expected a file, got one that cannot be read \(ENOTDIR\)$/],
      [['serve', '--conf', at('cluster')], 2, noSource],
      [['-conf', at('cluster')], 2, noSource],
      [
        ['serve', '--conf', at('alone'), '--manifests', at('gone')],
        2,
        `--manifests: expected a folder, got "${at('gone')}", which is not there`,
      ],
      [
        ['serve', ...manifests, ...listen, '--pidfile', at('gone/pid')],
        2,
        `--pidfile: expected a file that can be written, got "${at('gone/pid')}" (ENOENT)`,
      ],
      [
        ['inject', ...manifests],
        2,
        '--file: expected a file of Pods or workloads, got none; - is stdin',
      ],
      [
        ['inject', ...manifests, '-f', at('gone')],
        2,
        `--file: expected a file that can be read, got "${at('gone')}" (ENOENT)`,
      ],
      [['inject', '-f', at('gone')], 2, /got ".*gone" \(ENOENT\)$/],
      [
        ['inject', ...manifests, '-f', at('wrong'), '--server-version', 'new'],
        2,
        '--server-version: expected a version such as 1.36, got "new"',
      ],
      [['inject', ...manifests, '-f', at('broken')], 1, /^Cannot read ".*broken": line 2: /],
      [['inject', ...manifests, '-f', at('latin')], 1, /^Cannot read ".*latin": not UTF-8 text$/],
      ...['serve', 'services', 'endpoints', 'names', 'env'].map(
        (command): [readonly string[], number, string] => [
          [command, ...manifests, '--state', at('alone')],
          2,
          `--state: expected a folder, got "${at('alone')}", which is a file`,
        ],
      ),
      [['check', at('wrong')], 1, `${at('wrong')}:2: Unknown directive 'nothing'`],
      [['serve', '--conf', at('wrong')], 1, `${at('wrong')}:2: Unknown directive 'nothing'`],
      [['check', at('open')], 1, /open:2: .*parts\/nothing/],
    ]
    for (const [args, code, err] of cases) {
      const run = await runHere(args)
      const line = args.join(' ')
      t.equal(run.code, code, line)
      t.equal(run.err.split('\n').length, 2, `${line}: one line`)
      const message = run.err.trimEnd().replace(/^signpost: /, '')
      if (typeof err === 'string') t.ok(message.startsWith(err), `${line}: ${message}`)
      else t.match(message, err, line)
    }
  },
)
