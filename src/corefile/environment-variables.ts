/**
 * Replaces `{$NAME}` and `{%NAME%}`, also inside a word. A value is taken as it is: it is not split into
 * words, and what looks like a variable in it stays. A template's `{{$x}}` has one inside too, as in CoreDNS.
 */
export function replaceEnvironmentVariables(
  text: string,
  valueOf: (name: string) => string,
): string {
  let result = ''
  let from = 0
  let mayEndInPercent = true
  for (let at = text.indexOf('{'); at >= 0; at = text.indexOf('{', at + 1)) {
    const end = { $: '}', '%': '%}' }[text[at + 1] ?? '']
    if (end === undefined || at < from || (end === '%}' && !mayEndInPercent)) continue
    const close = text.indexOf(end, at + 2)
    // What closes nothing here closes nothing later: look once only.
    if (close < 0 && end === '}') break
    if (close < 0) mayEndInPercent = false
    if (close <= at + 2) continue
    result += text.slice(from, at) + valueOf(text.slice(at + 2, close))
    from = close + end.length
  }
  return result + text.slice(from)
}
