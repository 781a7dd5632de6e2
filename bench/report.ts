import { readFileSync } from 'node:fs'
import { cpus, release } from 'node:os'
import type { Bench } from './bench.ts'

/** A row of the table at the top. */
export interface Figure {
  readonly what: string
  readonly target: string
  readonly measured: string
  readonly isMet: boolean
}

/** What one part of the run found: rows for the table, and a section in Markdown. */
export interface PartResult {
  readonly title: string
  readonly figures: readonly Figure[]
  readonly details: readonly string[]
}

/** Facts about the run that are not figures. */
export interface RunFacts {
  /** `npm run bench` */
  readonly command: string
  readonly startedAt: Date
  readonly tools: readonly string[]
  /** 1-minute load averages before the first and after the last part. */
  readonly loads: readonly number[]
}

export function renderReport(
  { pace, children }: Bench,
  facts: RunFacts,
  parts: readonly PartResult[],
): string {
  const [cpu] = cpus()
  return [
    '# Benchmark results',
    '',
    `Written by \`${facts.command}${pace.name === 'quick' ? ' -- --quick' : ''}\`; every number comes from that run.`,
    'Load generator and servers share the cores of one machine and talk over loopback, so compare within the run only:',
    'ratios carry over to other machines, absolute values do not.',
    '',
    renderTable(
      ['run', ''],
      [
        ['date', facts.startedAt.toISOString()],
        ['machine', `${cpu?.model ?? 'unknown'}, ${cpus().length} cores, Linux ${release()}`],
        ['memory', `${Math.round(totalMemoryMb())} MB`],
        ['software', facts.tools.join(', ')],
        ['load average (1 min) at start, end', facts.loads.map(load => load.toFixed(2)).join(', ')],
        ['pace', pace.name],
      ],
    ),
    '',
    '## Targets',
    '',
    renderTable(
      ['figure', 'target', 'measured', 'met'],
      parts
        .flatMap(({ figures }) => figures)
        .map(({ what, target, measured, isMet }) => [what, target, measured, isMet ? 'yes' : 'no']),
    ),
    '',
    ...parts.flatMap(({ title, details }) => [`## ${title}`, '', ...details, '']),
    '## Commands',
    '',
    '`$TMP` and `$CLUSTER` are temporary folders that the run makes and removes.',
    '',
    '```sh',
    ...children.commands,
    '```',
    '',
  ].join('\n')
}

export function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(3, title.length, ...rows.map(row => row[column]!.length)),
  )
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`
  return [line(head), line(widths.map(width => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

function totalMemoryMb(): number {
  return Number(/^MemTotal:\s+(\d+)/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]) / 1024
}
