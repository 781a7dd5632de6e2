import t from 'tap'
import { splitList } from './list-splitter.ts'

t.test('splitList() takes the items of a block-style List apart', async t => {
  const cases = [
    {
      name: 'as kubectl writes it',
      text: 'apiVersion: v1\nitems:\n- a: 1\n  b:\n  - x\n- a: 2\nkind: List\n',
      list: {
        frame: 'apiVersion: v1\nitems: []\nkind: List\n',
        items: [
          { text: '- a: 1\n  b:\n  - x\n', linesBefore: 2 },
          { text: '- a: 2\n', linesBefore: 5 },
        ],
      },
    },
    {
      name: 'indented, with comments and blank lines, CRLF',
      text: 'kind: List\r\nitems: # all\r\n\r\n  - a: |\r\n      - no item\r\n# between\r\n  -\r\n    a: 2',
      list: {
        frame: 'kind: List\r\nitems: []\n',
        items: [
          { text: '  - a: |\r\n      - no item\r\n# between\r\n', linesBefore: 3 },
          { text: '  -\r\n    a: 2', linesBefore: 6 },
        ],
      },
    },
    { name: 'flow style', text: 'kind: List\nitems: [{a: 1}]\n', list: undefined },
    { name: 'items further in', text: 'spec:\n  items:\n  - a\n', list: undefined },
    { name: 'no items', text: 'items:\nkind: List\n', list: undefined },
  ]
  for (const { name, text, list } of cases) t.strictSame(splitList(text), list, name)
})
