import t from 'tap'
import { splitDocuments } from './document-splitter.ts'

/** Each document as `number firstLine/contentLine text`. */
const cases: readonly { name: string; stream: string; documents: readonly string[] }[] = [
  { name: 'nothing', stream: '', documents: [] },
  { name: 'one document', stream: 'a: 1\n', documents: ['1 1/1 a: 1\n'] },
  { name: 'no line feed at the end', stream: 'a: 1', documents: ['1 1/1 a: 1'] },
  { name: 'two', stream: 'a: 1\n---\nb: 2\n', documents: ['1 1/1 a: 1\n', '2 2/3 \nb: 2\n'] },
  { name: 'a marker first', stream: '---\na: 1\n', documents: ['1 1/2 \na: 1\n'] },
  {
    name: 'empty and comment documents are not counted',
    stream: '# x\n---\n\n---\n# y\n---\na: 1\n---\n',
    documents: ['1 6/7 \na: 1\n'],
  },
  {
    name: 'a comment before the content',
    stream: '# x\n\na: 1\n',
    documents: ['1 1/3 # x\n\na: 1\n'],
  },
  {
    name: 'a comment after the marker',
    stream: '--- # x\na: 1',
    documents: ['1 1/2     # x\na: 1'],
  },
  { name: 'content after the marker', stream: '--- {a: 1}\n', documents: ['1 1/1     {a: 1}\n'] },
  { name: 'a line of dashes', stream: '------\na: 1', documents: ['1 1/2 \na: 1'] },
  {
    name: 'indented dashes are content',
    stream: 'a: |\n  ---\n',
    documents: ['1 1/1 a: |\n  ---\n'],
  },
  {
    name: 'CRLF',
    stream: 'a: 1\r\n---\r\nb: 2\r\n',
    documents: ['1 1/1 a: 1\r\n', '2 2/3 \nb: 2\r\n'],
  },
  { name: 'a byte order mark', stream: '\ufeffa: 1\n', documents: ['1 1/1 a: 1\n'] },
  { name: 'a directive', stream: '%YAML 1.1\n---\na: 1\n', documents: ['1 2/3 \na: 1\n'] },
  { name: 'the end marker', stream: 'a: 1\n...\n', documents: ['1 1/1 a: 1\n...\n'] },
  { name: 'a marker and nothing more', stream: 'a: 1\n---', documents: ['1 1/1 a: 1\n'] },
]

t.test('splitDocuments() cuts at the lines that start with ---', async t => {
  for (const { name, stream, documents } of cases) {
    const found = [...splitDocuments(Buffer.from(stream))].map(
      ({ number, firstLine, contentLine, text }) => `${number} ${firstLine}/${contentLine} ${text}`,
    )
    t.strictSame(found, documents, name)
  }
})

t.test('splitDocuments() refuses bytes that are not UTF-8', async t => {
  t.throws(() => [...splitDocuments(Buffer.from([0x61, 0xff]))], TypeError)
})
