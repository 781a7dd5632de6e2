/** A process that starts a control plane, says where it is, and does not end by itself. */
import { ControlPlane } from './control-plane.ts'

const plane = await ControlPlane.start()
process.stdout.write(`${JSON.stringify({ server: plane.server, folder: plane.folder })}\n`)
setInterval(() => {}, 1000)
