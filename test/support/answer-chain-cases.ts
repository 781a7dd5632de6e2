import type { takeAnswerChain } from '../../src/dns/answer-chain.ts'

const soa = '@ SOA ns h 1 2 3 4 5'
const signature = (name: string, type: string): string =>
  `${name} RRSIG ${type} 8 2 60 2 1 7 t. AQID`

interface ChainCase {
  readonly what: string
  readonly rcode?: string
  /** `www A`; names are below `t.`. */
  readonly question?: string
  readonly answers?: readonly string[]
  readonly authority?: readonly string[]
  readonly kind: ReturnType<typeof takeAnswerChain>['kind']
  /** Which of `answers` and of `authority` are taken, by position. */
  readonly taken: readonly number[]
  readonly takenAuthority?: readonly number[]
}

const chainOf = (links: number): string[] =>
  Array.from({ length: links }, (_, i) => `${i === 0 ? 'www' : `a${i}`} CNAME a${i + 1}`)

export const chainCases: readonly ChainCase[] = [
  {
    what: 'an rrset',
    answers: ['www A 192.0.2.1', 'www A 192.0.2.2'],
    kind: 'positive',
    taken: [0, 1],
  },
  { what: 'letter case of the owner', answers: ['WwW A 192.0.2.1'], kind: 'positive', taken: [0] },
  {
    what: 'records of other names',
    answers: ['victim A 192.0.2.9', 'www A 192.0.2.1', 'x.www A 192.0.2.9'],
    kind: 'positive',
    taken: [1],
  },
  {
    what: 'records of other types',
    answers: ['www AAAA 2001:db8::1', 'www A 192.0.2.1', 'www TXT a'],
    kind: 'positive',
    taken: [1],
  },
  {
    what: 'the signatures of what is taken',
    answers: [
      'www A 192.0.2.1',
      signature('www', 'A'),
      signature('www', 'TXT'),
      signature('x', 'A'),
    ],
    kind: 'positive',
    taken: [0, 1],
  },
  {
    what: 'authority next to an answer',
    answers: ['www A 192.0.2.1'],
    authority: [soa, '@ NS ns'],
    kind: 'positive',
    taken: [0],
  },
  {
    what: 'a chain',
    answers: ['www CNAME a', 'a CNAME b', 'b A 192.0.2.1'],
    kind: 'positive',
    taken: [0, 1, 2],
  },
  {
    what: 'a chain in disorder',
    answers: ['b A 192.0.2.1', 'a CNAME B', 'c A 192.0.2.9', 'www CNAME a'],
    kind: 'positive',
    taken: [3, 1, 0],
  },
  {
    what: 'a signed chain',
    answers: ['www CNAME a', signature('www', 'CNAME'), 'a A 192.0.2.1', signature('a', 'A')],
    kind: 'positive',
    taken: [0, 1, 2, 3],
  },
  {
    what: 'two CNAMEs at one name',
    answers: ['www CNAME a', 'www CNAME b', 'a A 192.0.2.1', 'b A 192.0.2.2'],
    kind: 'positive',
    taken: [0, 2],
  },
  {
    what: 'data next to an alias',
    answers: ['www CNAME a', 'www A 192.0.2.1', 'a A 192.0.2.2'],
    kind: 'positive',
    taken: [1],
  },
  { what: 'an alias into nowhere', answers: ['www CNAME a'], kind: 'nodata', taken: [0] },
  {
    what: 'an alias and NS',
    answers: ['www CNAME a'],
    authority: ['@ NS ns'],
    kind: 'nodata',
    taken: [0],
  },
  {
    what: 'ten hops',
    answers: [...chainOf(10), 'a10 A 192.0.2.1'],
    kind: 'positive',
    taken: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  },
  {
    what: 'eleven hops',
    answers: [...chainOf(11), 'a11 A 192.0.2.1'],
    authority: [soa],
    kind: 'nodata',
    taken: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  },
  {
    what: 'an alias of itself',
    answers: ['www CNAME WWW'],
    authority: [soa],
    kind: 'nodata',
    taken: [0],
  },
  {
    what: 'a loop',
    answers: ['www CNAME a', 'a CNAME b', 'b CNAME a'],
    authority: [soa],
    kind: 'nodata',
    taken: [0, 1, 2],
  },
  {
    what: 'a question for the alias',
    question: 'www CNAME',
    answers: ['www CNAME a', 'a CNAME b'],
    kind: 'positive',
    taken: [0],
  },
  {
    what: 'a question for the signatures of an alias',
    question: 'www RRSIG',
    answers: ['www CNAME a', signature('www', 'CNAME')],
    kind: 'positive',
    taken: [1],
  },
  {
    what: 'a question for anything',
    question: 'www ANY',
    answers: ['www CNAME a', 'www TXT a', 'a A 192.0.2.1'],
    kind: 'positive',
    taken: [0, 1],
  },
  {
    what: 'DNAME and CNAME',
    question: 'x.old A',
    answers: ['old DNAME new', 'x.old CNAME x.new', 'x.new A 192.0.2.1'],
    kind: 'positive',
    taken: [0, 1, 2],
  },
  {
    what: 'DNAME alone, in another letter case',
    question: 'x.OLD A',
    answers: ['old DNAME new', signature('old', 'DNAME'), 'x.new A 192.0.2.1'],
    kind: 'positive',
    taken: [0, 1, 2],
  },
  {
    what: 'a CNAME that is not of the DNAME',
    question: 'x.old A',
    answers: ['old DNAME new', 'x.old CNAME y.new', 'y.new A 192.0.2.1'],
    kind: 'positive',
    taken: [1, 2],
  },
  {
    what: 'a DNAME at the name itself',
    question: 'old A',
    answers: ['old DNAME new', 'new A 192.0.2.1'],
    kind: 'nodata',
    taken: [],
  },
  {
    what: 'a DNAME elsewhere',
    answers: ['old DNAME new', 'www A 192.0.2.1'],
    kind: 'positive',
    taken: [1],
  },
  {
    what: 'a DNAME that makes the name too long',
    question: `${'a'.repeat(60)}.old A`,
    answers: [`old DNAME ${`${'b'.repeat(60)}.`.repeat(3)}bbbbbbbb`],
    kind: 'nodata',
    taken: [],
  },
  {
    what: 'a question for the DNAME',
    question: 'old DNAME',
    answers: ['old DNAME new'],
    kind: 'positive',
    taken: [0],
  },
  {
    what: 'NODATA',
    authority: ['@ NS ns', soa, signature('@', 'SOA'), signature('@', 'NS')],
    kind: 'nodata',
    taken: [],
    takenAuthority: [1, 2],
  },
  {
    what: 'NODATA of the name itself',
    authority: ['WWW SOA ns h 1 2 3 4 5'],
    kind: 'nodata',
    taken: [],
    takenAuthority: [0],
  },
  { what: 'NODATA without SOA', kind: 'nodata', taken: [] },
  {
    what: 'the SOA of another zone',
    authority: ['x SOA ns h 1 2 3 4 5'],
    kind: 'nodata',
    taken: [],
  },
  {
    what: 'the SOA of a zone below',
    authority: ['x.www SOA ns h 1 2 3 4 5'],
    kind: 'nodata',
    taken: [],
  },
  {
    what: 'the SOA of where the alias leads',
    answers: ['www CNAME a.b'],
    authority: ['www SOA ns h 1 2 3 4 5', 'b SOA ns h 1 2 3 4 5'],
    kind: 'nodata',
    taken: [0],
    takenAuthority: [1],
  },
  {
    what: 'NXDOMAIN',
    rcode: 'NXDOMAIN',
    authority: [soa],
    kind: 'nxdomain',
    taken: [],
    takenAuthority: [0],
  },
  {
    what: 'NXDOMAIN without SOA',
    rcode: 'NXDOMAIN',
    authority: ['@ NS ns'],
    kind: 'nxdomain',
    taken: [],
  },
  {
    what: 'NXDOMAIN of where the alias leads',
    rcode: 'NXDOMAIN',
    answers: ['www CNAME a'],
    authority: [soa],
    kind: 'nxdomain',
    taken: [0],
    takenAuthority: [0],
  },
  {
    what: 'NXDOMAIN with data',
    rcode: 'NXDOMAIN',
    answers: ['www A 192.0.2.1'],
    kind: 'nxdomain',
    taken: [],
  },
  { what: 'a referral', authority: ['@ NS ns'], kind: 'referral', taken: [] },
  {
    what: 'a referral with records of another name',
    answers: ['victim A 192.0.2.9'],
    authority: ['@ NS ns'],
    kind: 'referral',
    taken: [],
  },
  {
    what: 'SERVFAIL',
    rcode: 'SERVFAIL',
    answers: ['www A 192.0.2.1'],
    authority: [soa],
    kind: 'failure',
    taken: [],
  },
  { what: 'BADVERS', rcode: 'BADVERS', kind: 'failure', taken: [] },
]
