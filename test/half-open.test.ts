/** A connection whose packets are dropped, which only the kernel can find out. Needs root and what makes networks. */
import { spawnSync } from 'node:child_process'
import t from 'tap'

const canTry =
  spawnSync('unshare', ['--net', 'iptables', '-A', 'INPUT', '-p', 'tcp', '-j', 'DROP']).status ===
    0 && spawnSync('ip', ['-V']).status === 0

const skip = canTry ? false : 'needs root, unshare, ip and iptables'

t.test('a half-open connection is left within keep-alive and 10 s', { skip }, async t => {
  const script = new URL('support/half-open-run.ts', import.meta.url).pathname
  const { stdout, stderr } = spawnSync('unshare', ['--net', process.execPath, script, '1000'], {
    encoding: 'utf8',
    timeout: 60_000,
  })
  const tookMs = Number(stdout)
  t.comment(`${tookMs} ms`)
  t.ok(tookMs > 5_000 && tookMs < 16_000, `${stdout} ${stderr}`)
})
