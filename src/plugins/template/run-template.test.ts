import t from 'tap'
import type { Query } from '../handler.ts'
import { PluginChain, queryOf } from '../../../test/support/plugin-chain.ts'

t.test('templates compute with the query', async t => {
  const query: Query = {
    ...queryOf('Web.a1.test.'),
    metadata: new Map([['kubernetes/client-namespace', () => 'default']]),
    id: 77,
  }
  for (const [template, expected] of [
    ['{{ .Zone }} {{ .Name }} {{ .Class }} {{ .Type }}', 'test. web.a1.test. IN A'],
    ['{{ .Group.number }} {{ index .Group "number" }} {{ .Group.none }}', '1 1 <no value>'],
    ['{{ index .Match 0 }}/{{ index .Match 1 }} {{ len .Match }} {{ .Match }}', 'a1/1 2 [a1 1]'],
    [
      '{{ .Message.Id }} {{ .Question.Name }} {{ .Question.Qtype }} {{ .Remote }}',
      '77 Web.a1.test. 1 192.0.2.1',
    ],
    ['{{ .Message.RecursionDesired }}', 'true'],
    ['{{ .Meta "kubernetes/client-namespace" }}{{ .Meta "x/y" }}', 'default'],
    ['{{ printf "%s-%03d-%x-%q" .Type 7 255 "a" }}', 'A-007-ff-"a"'],
    [
      '{{ printf "%-3d|%4s|%X|%c|%t|%v|%%|%b|%o|%04d" 1 "ab" "hi" 65 true .Match 5 8 -7 }}',
      '1  |  ab|6869|A|true|[a1 1]|%|101|10|-007',
    ],
    ['{{ parseInt .Group.number 10 8 | printf "%02d" }}', '01'],
    ['{{ if eq .Type "A" "AAAA" }}address{{ else }}other{{ end }}', 'address'],
    ['{{ if eq .Type "MX" }}mx{{ else if lt 1 2 }}less{{ else }}more{{ end }}', 'less'],
    ['{{ if and (ne .Type "MX") (not false) }}{{ or "" "b" }}{{ end }}', 'b'],
    ['{{ if .Group.none }}x{{ end }}', ''],
    ['{{ range .Match }}<{{ . }}{{ $.Type }}>{{ else }}none{{ end }}', '<a1A><1A>'],
    ['{{ range .Group }}{{ . }},{{ end }}', 'a1,1,1,'],
    ['{{ with .Question }}{{ .Name }}{{ end }}{{ with "" }}x{{ else }}y{{ end }}', 'Web.a1.test.y'],
    ['a {{- /* nothing */ -}} b {{- " c " -}} d', 'ab c d'],
    ['{{ `raw` }}{{ "q}}uoted\\n" }}', 'rawq}}uoted\n'],
    [
      '{{ slice .Type 0 1 }}{{ print .Type 1 }}{{ ge 2 2 }}{{ gt "b" "a" }}{{ le 1 0 }}',
      'AA1truetruefalse',
    ],
  ] as const) {
    const quoted = template.replaceAll('\\', '\\\\').replaceAll('"', '\\"')
    const chain = new PluginChain(
      `. {\n template IN A test {\n match a(?P<number>\\d)\n answer "${quoted.replaceAll('\\\\n', '\\n')} x"\n}\n}`,
    )
    const { error = '' } = await chain.chain.answer(query, { plugin: '' })
    t.match(error, `${JSON.stringify(`${expected} x`)} is not a record`, template)
  }
})

t.test('template refuses what it does not understand', async t => {
  for (const [words, message] of [
    ['XX A', /one of the classes IN/],
    ['IN', /expected a record type/],
    ['IN B', /a record type like AAAA/],
    ['IN A {\n match (\n}', /expected a regular expression/],
    [`IN A {\n match ${'a'.repeat(10_001)}\n}`, /at most 10000 characters/],
    ['IN A {\n match\n}', /expected a regular expression at the end/],
    ['IN A {\n rcode NOPE\n}', /an rcode/],
    ['IN A {\n ederror x\n}', /whole number/],
    [
      'IN A {\n expr x\n}',
      /known are additional, answer, authority, ederror, fallthrough, match, rcode, upstream/,
    ],
    ['IN A {\n answer "{{ .Nmae }}"\n}', /\.Nmae is not known: known are \.Zone, \.Name/],
    [
      'IN A {\n answer "{{ uper .Name }}"\n}',
      /uper is not known: known are and, eq, .*parseInt.*range/,
    ],
    ['IN A {\n answer "{{ .Name"\n}', /\{\{ is not closed/],
    ['IN A {\n answer "{{ if .Name }}"\n}', /\{\{ if \}\} has no \{\{ end \}\}/],
    ['IN A {\n answer "{{ if .Name }}a{{ else }}"\n}', /\{\{ else \}\} has no/],
    ['IN A {\n answer "{{ end }}"\n}', /\{\{ end \}\} closes nothing/],
    ['IN A {\n answer "{{ }}"\n}', /is not complete/],
    ['IN A {\n answer "{{ (.Name }}"\n}', /is not complete/],
    ['IN A {\n answer "{{ .Name ) }}"\n}', /"\)" cannot stand/],
    ['IN A {\n answer "{{ $x := 1 }}"\n}', /cannot stand/],
    ['IN A {\n answer "{{ print len .Name }}"\n}', /len as an argument needs \( \)/],
    ['IN A {\n answer "{{ 1 2 }}"\n}', /1 takes no arguments/],
    ['IN A {\n answer "{{ \\"\\q\\" }}"\n}', /escape/],
  ] as const) {
    t.throws(() => new PluginChain(`. {\n template ${words}\n}`), { message }, words)
  }
  t.doesNotThrow(() => new PluginChain('. {\n template IN A {\n upstream\n}\n}'))
})

t.test('what cannot be computed is SERVFAIL with a reason', async t => {
  for (const [action, error] of [
    ['index .Match 7', 'index 7 is out of range'],
    ['index .Name "x"', 'has no index x'],
    ['len 1', '1 has no length'],
    ['lt 1 .Name', 'only two numbers'],
    ['printf "%d" .Name', '%d does not go with a.test.'],
    ['printf "%d"', 'no value for %d'],
    ['printf "x" 1', 'too many values'],
    ['slice .Name 0 99', 'out of range'],
    ['slice 1 2', 'cannot be sliced'],
    ['slice .Name "a"', 'slice takes numbers'],
    ['parseInt .Name', 'takes a text, a base'],
    ['parseInt "256" 10 8', 'no number of base 10 and 8 bits'],
    ['.Name "x"', 'takes no arguments'],
    ['.Name.Length', 'has no field Length'],
    ['range .Name}}{{end', 'range cannot go over'],
  ] as const) {
    const chain = new PluginChain(
      `. {\n template IN A . {\n answer "{{ ${action.replaceAll('"', '\\"')} }}"\n}\n}`,
    )
    const reply = await chain.ask('a.test.')
    t.equal(reply.rcode, 2, action)
    t.match(reply.error, error, action)
  }
})
