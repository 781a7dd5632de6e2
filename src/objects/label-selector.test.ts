import t from 'tap'
import { bareLabels } from './labels.ts'
import { matchesSelector, parseLabelSelector } from './label-selector.ts'

const labels = bareLabels({ app: 'web', 'example.com/tier': 'front', empty: '', in: 'notin' })

const matching: readonly [selector: string, matches: boolean][] = [
  ['', true],
  ['app', true],
  ['!app', false],
  ['none', false],
  ['!none', true],
  ['toString', false],
  ['app=web', true],
  ['app==web', true],
  ['app = db', false],
  ['app!=db', true],
  ['app!=web', false],
  ['none!=web', true],
  ['none=', false],
  ['empty=', true],
  ['empty=,app=web', true],
  ['app in (db, web)', true],
  ['app in (db)', false],
  ['none in (db)', false],
  ['app notin (db)', true],
  ['app notin (db,web)', false],
  ['none notin (db)', true],
  ['empty in (,a)', true],
  ['empty in (a,)', true],
  ['empty in (a,,b)', true],
  ['app in (a,,b)', false],
  ['in in (notin)', true],
  ['in=notin,example.com/tier=front', true],
  ['app=web,!app', false],
]

t.test('matchesSelector() takes what a selector selects', async t => {
  for (const [text, matches] of matching) {
    const parsed = parseLabelSelector(text)
    t.ok('selector' in parsed && matchesSelector(parsed.selector, labels) === matches, text)
  }
})

const wrong: readonly [text: string, error: string | RegExp][] = [
  [',', "found ',', expected: !, identifier, or 'end of string'"],
  ['=a', "found '=', expected: !, identifier, or 'end of string'"],
  ['a,', "found '', expected: identifier after ','"],
  ['a=b c', "found 'c', expected: ',' or 'end of string'"],
  ['!', "unable to parse requirement: found '', expected: identifier"],
  ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
  ['a=(', "unable to parse requirement: found '(', expected: identifier"],
  ['a in b', "unable to parse requirement: found 'b', expected: '('"],
  ['a in (b', "unable to parse requirement: found '', expected: ',' or ')'"],
  ['a in (b c)', "unable to parse requirement: found 'c', expected: ',' or ')'"],
  [
    'a in ()',
    "unable to parse requirement: values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty",
  ],
  ['a>1', 'unable to parse requirement: "gt" is not a valid label selector operator'],
  ['a<1', 'unable to parse requirement: "lt" is not a valid label selector operator'],
  [
    '-a=b',
    /^unable to parse requirement: key: Invalid value: "-a": name part must consist of alphanumeric/,
  ],
  ['a=-', /^unable to parse requirement: values\[0\]\[a\]: Invalid value: "-": a valid label must/],
  ['a in (b,-)', /^unable to parse requirement: values\[0\]\[a\]: Invalid value: "-"/],
]

t.test('parseLabelSelector() says what is wrong in the words of Kubernetes', async t => {
  for (const [text, error] of wrong) {
    const parsed = parseLabelSelector(text)
    t.match('error' in parsed ? parsed.error : 'parsed', error, text)
  }
})
