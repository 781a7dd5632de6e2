import t from 'tap'
import type { AnswerSink } from '../answers/compiled-answer.ts'
import { parseName } from '../dns/wire-name.ts'
import { RestingSink } from './resting-sink.ts'

t.test('RestingSink passes everything on, in order', async t => {
  const heard: string[] = []
  const sink: AnswerSink = {
    put: (name, answers) => heard.push(`put ${name.length} ${answers.length}`),
    delete: name => heard.push(`delete ${name.length}`),
    setZones: zones => heard.push(`zones ${zones.length}`),
  }
  const resting = new RestingSink(sink)
  const name = parseName('web.default')!
  resting.setZones([])
  resting.start()
  for (let i = 0; i < 40; i++) resting.put(name, [])
  resting.delete(name)
  t.strictSame(heard, ['zones 0', ...Array<string>(40).fill('put 13 0'), 'delete 13'])
})
