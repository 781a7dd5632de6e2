/** The values in an order of chance, each order as likely as any other (Fisher and Yates). */
export function shuffle<T>(values: readonly T[]): readonly T[] {
  if (values.length < 2) return values
  const shuffled = [...values]
  for (let i = shuffled.length - 1; i > 0; i--) {
    const other = Math.floor(Math.random() * (i + 1))
    const value = shuffled[i]!
    shuffled[i] = shuffled[other]!
    shuffled[other] = value
  }
  return shuffled
}
