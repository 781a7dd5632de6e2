/** Columns as kubectl prints them: upper-case heads, three blanks between, nothing at the end of a line. */
export function renderTable(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const lines = [columns.map(column => column.toUpperCase()), ...rows]
  const widths = columns.map((_, i) => Math.max(...lines.map(line => line[i]?.length ?? 0)))
  return lines
    .map(line =>
      line.map((cell, i) => (i === line.length - 1 ? cell : cell.padEnd(widths[i]!))).join('   '),
    )
    .map(line => `${line.trimEnd()}\n`)
    .join('')
}
