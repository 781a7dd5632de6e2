#!/usr/bin/env node
// The launcher: plain enough for any Node, so that an old one is told what it needs.
var needed = 24
if (Number(process.versions.node.split('.')[0]) < needed) {
  console.error(
    'Signpost needs Node ' +
      needed +
      ' or newer; this is ' +
      process.version +
      ' (' +
      process.execPath +
      ').\n' +
      'In a checkout, `npm start` and `npx signpost` run the Node that `npm ci` has installed.',
  )
  process.exit(1)
}
import('../dist/main.js').catch(function (error) {
  console.error(
    error.code === 'ERR_MODULE_NOT_FOUND'
      ? 'Signpost is not built yet: run `npm ci` or `npm run build`.'
      : error,
  )
  process.exit(1)
})
