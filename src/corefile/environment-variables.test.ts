import t from 'tap'
import { replaceEnvironmentVariables } from './environment-variables.ts'

const values: Readonly<Record<string, string>> = {
  ZONE: 'example.org',
  PORT: '1053',
  LOOP: '{$LOOP}',
  x: 'X',
}

t.test('replaceEnvironmentVariables()', async t => {
  for (const [text, expected] of [
    ['', ''],
    ['plain', 'plain'],
    ['{$ZONE}', 'example.org'],
    ['{%ZONE%}', 'example.org'],
    ['a.{$ZONE}:{%PORT%}', 'a.example.org:1053'],
    ['{$NONE}', ''],
    ['{$ZONE', '{$ZONE'],
    ['a{', 'a{'],
    ['{%ZONE}', '{%ZONE}'],
    ['{%ZONE}{$ZONE}', '{%ZONE}example.org'],
    ['{%a {%b {$PORT}', '{%a {%b 1053'],
    ['{$}', '{$}'],
    ['{$}{$PORT}', '{$}1053'],
    ['{%%}', '{%%}'],
    ['$ZONE', '$ZONE'],
    ['{ZONE}', '{ZONE}'],
    ['{{$x}}', '{X}'],
    ['{{ .Name }}', '{{ .Name }}'],
    ['{$LOOP}', '{$LOOP}'],
    ['{$a{$PORT}', ''],
  ] as const) {
    t.equal(
      replaceEnvironmentVariables(text, name => values[name] ?? ''),
      expected,
      text,
    )
  }
})
