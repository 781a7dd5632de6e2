import t from 'tap'
import { noLabels } from './labels.ts'
import {
  isRawObject,
  rawArray,
  rawInteger,
  rawLabels,
  rawObject,
  rawString,
  rawStrings,
} from './raw-value.ts'

const odd = [undefined, null, true, 0, 1.5, NaN, 'text', [], ['a', 1, 'b'], {}, { a: 1 }] as const

t.test('the readers take a field of another shape as absent', async t => {
  for (const value of odd) {
    const text = JSON.stringify(value) ?? 'undefined'
    const isList = Array.isArray(value)
    const isObject = typeof value === 'object' && value !== null && !isList
    t.same(rawArray(value), isList ? value : [], `array ${text}`)
    t.same(rawStrings(value), isList ? value.filter(v => typeof v === 'string') : [], text)
    t.equal(isRawObject(value), isObject, `object ${text}`)
    t.same(rawObject(value), isObject ? value : {}, `object ${text}`)
    t.equal(rawString(value), value === 'text' ? 'text' : '', `string ${text}`)
    t.equal(rawInteger(value), value === 0 ? 0 : undefined, `integer ${text}`)
  }
})

t.test('rawLabels() keeps text values under any key', async t => {
  t.equal(rawLabels(undefined), noLabels)
  t.equal(rawLabels({}), noLabels)
  const labels = rawLabels(JSON.parse('{"__proto__":"a","constructor":"b","count":1,"app":"web"}'))
  t.strictSame(Object.entries(labels), [
    ['__proto__', 'a'],
    ['constructor', 'b'],
    ['app', 'web'],
  ])
  t.equal(labels['toString'], undefined)
})
