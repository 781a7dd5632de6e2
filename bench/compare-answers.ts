import { ask, type AskedServer, type Question, type Reply } from './dns-question.ts'

const comparedQuestions = 500

interface Compared {
  readonly signpost: AskedServer
  readonly other: AskedServer
  /** What the other server is called. */
  readonly name: string
}

/** Speed says nothing when the answers are others: puts questions to both and says in a line how many answers differed. */
export async function compareAnswers(
  { signpost, other, name }: Compared,
  questions: readonly Question[],
): Promise<string> {
  let differences = 0
  let compared = 0
  for (const question of questions.slice(0, comparedQuestions)) {
    const [ours, theirs] = [await ask(signpost, question), await ask(other, question)]
    if (ours?.isTruncated || theirs?.isTruncated) continue
    compared++
    if (render(ours) === render(theirs)) continue
    differences++
    process.stderr.write(
      `differs: ${question.name} ${question.type}: ${render(ours)} and ${name} ${render(theirs)}\n`,
    )
  }
  return `Before that, ${compared} of the questions were put to both: ${differences} answers differed (rcode or answer section; truncated ones left out).`
}

function render(reply: Reply | undefined): string {
  return `${reply?.rcode} ${reply?.answers.join()}`
}
