/**
 * The images, built once and run as kubeadm's and kind's Deployment of CoreDNS would run them. A program of its own, because it
 * has to start with an empty network of its own: `unshare --net` starts it (image.test.ts).
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { ImageBuilder } from '../../scripts/image-builder.ts'
import { whyNoControlPlane } from '../support/control-plane-assets.ts'
import { checkDropIn } from './drop-in-checks.ts'
import { checkStandalone } from './standalone-checks.ts'

execFileSync('ip', ['link', 'set', 'lo', 'up'])
const folder = mkdtempSync(join(tmpdir(), 'signpost-pod-'))
t.teardown(() => rmSync(folder, { recursive: true, force: true }))

const builder = new ImageBuilder()
t.teardown(() => builder[Symbol.dispose]())
const images = {
  signpost: builder.mount(builder.build('signpost')),
  unprivileged: builder.mount(builder.build('unprivileged')),
}

t.test('a folder of manifests', async t => checkStandalone(t, images, folder))

const reason = whyNoControlPlane()
if (reason !== undefined) t.comment(`${reason}: THE IMAGE WAS NOT RUN IN A CLUSTER`)
t.test('a cluster', { skip: reason ?? false }, async t => checkDropIn(t, images, folder))
