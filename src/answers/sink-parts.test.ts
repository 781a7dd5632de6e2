import t from 'tap'
import { MapSink } from '../../test/support/map-sink.ts'
import { plainZone } from '../../test/support/plain-answers.ts'
import { parseName } from '../dns/wire-name.ts'
import { SinkParts } from './sink-parts.ts'

t.test('SinkParts keeps the zones of every owner', async t => {
  const sink = new MapSink()
  const parts = new SinkParts(sink)
  const [first, second] = [parts.part(), parts.part()]
  const [a, b, c] = ['a.example', 'b.example', 'c.example'].map(plainZone)
  first.setZones([a!, b!])
  second.setZones([c!])
  t.strictSame(sink.zones, [a, b, c])
  first.setZones([b!])
  t.strictSame(sink.zones, [b, c])
  second.put(parseName('x.c.example')!, [])
  t.strictSame(sink.names(), ['x.c.example.'])
  first.delete(parseName('x.c.example')!)
  t.strictSame(sink.names(), [])
})
