/** Makes `npx signpost` the program of this checkout: npm links the commands of dependencies only. */
import { rm, symlink } from 'node:fs/promises'

const link = 'node_modules/.bin/signpost'
await rm(link, { force: true })
await symlink('../../bin/signpost.js', link)
