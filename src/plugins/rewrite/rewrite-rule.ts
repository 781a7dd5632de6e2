import type { TextMatch, TextRewrite } from './text-match.ts'

/** One `rewrite` line. */
export interface RewriteRule {
  /** What comes after a rule that has applied. */
  readonly mode: 'stop' | 'continue'
  readonly change: RewriteChange
}

export type RewriteChange =
  | NameChange
  | EdnsChange
  | { readonly field: 'type' | 'class'; readonly from: number; readonly to: number }
  | {
      readonly field: 'ttl'
      readonly match: TextMatch
      readonly minSeconds: number
      readonly maxSeconds: number
    }
  | {
      readonly field: 'rcode'
      readonly match: TextMatch
      readonly from: number
      readonly to: number
    }
  | ({ readonly field: 'cname' } & TextRewrite)

export interface NameChange extends TextRewrite {
  readonly field: 'name'
  /** Names of the answer are mapped back to what they were in the question. */
  readonly mapsBack: boolean
  /** What is rewritten in the answer: owner names, or names in the data. */
  readonly answers: readonly AnswerRewrite[]
}

export interface AnswerRewrite extends TextRewrite {
  readonly part: 'name' | 'value'
}

export interface EdnsChange {
  readonly field: 'edns0'
  readonly action: 'set' | 'append' | 'replace' | 'unset'
  readonly option: EdnsChangeOption
  /** The reply carries the option as the client has sent it. */
  readonly reverts: boolean
}

export type EdnsChangeOption =
  | { readonly kind: 'local'; readonly code: number; readonly value: LocalValue }
  | { readonly kind: 'nsid'; readonly code: number }
  /** Bits of the client's address that are sent, RFC 7871. */
  | {
      readonly kind: 'subnet'
      readonly code: number
      readonly ipv4Bits: number
      readonly ipv6Bits: number
    }

/** Bytes, or a variable without its braces: `client_ip`, `kubernetes/client-namespace`. */
export type LocalValue = { readonly bytes: Uint8Array } | { readonly variable: string }
