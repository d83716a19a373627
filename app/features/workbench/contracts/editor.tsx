import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import {
  bracketMatching,
  HighlightStyle,
  indentOnInput,
  StreamLanguage,
  syntaxHighlighting,
} from '@codemirror/language'
import { clike } from '@codemirror/legacy-modes/mode/clike'
import { lintGutter, setDiagnostics } from '@codemirror/lint'
import { EditorState } from '@codemirror/state'
import { EditorView, keymap, lineNumbers } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { useEffect, useRef } from 'react'
import type { Diagnostic } from '../../../bridge/compiler.ts'
import styles from './contracts.module.css'

const words = (text: string) => Object.fromEntries(text.split(' ').map((word) => [word, true]))

const solidity = StreamLanguage.define(
  clike({
    name: 'solidity',
    keywords: words(
      'abstract anonymous as assembly break case catch constant constructor continue contract delete do else emit enum error event external fallback for from function if immutable import indexed interface internal is let library mapping memory modifier new override payable pragma private public pure receive return returns revert solidity storage struct switch transient try unchecked using view virtual while',
    ),
    types: (word: string) => /^(u?int\d*|bytes\d*|address|bool|string)$/.test(word),
    blockKeywords: words(
      'catch contract do else enum for function if interface library struct try while',
    ),
    atoms: words(
      'true false this super msg block tx wei gwei ether seconds minutes hours days weeks',
    ),
    multiLineStrings: false,
    indentSwitch: false,
  }),
)

const highlight = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--sequencer)' },
  { tag: [tags.typeName, tags.standard(tags.typeName)], color: 'var(--executor)' },
  { tag: [tags.number, tags.atom, tags.bool], color: 'var(--da)' },
  { tag: tags.string, color: 'var(--challenger)' },
  { tag: [tags.comment, tags.meta], color: 'var(--ink-3)' },
])

interface EditorProps {
  readonly source: string
  readonly diagnostics: readonly Diagnostic[]
  readonly onChange: (source: string) => void
  /** Control + Enter. */
  readonly onCompile: () => void
}

/** A Solidity source with line numbers, and the compiler's complaints at their lines. */
export function Editor({ source, diagnostics, onChange, onCompile }: EditorProps) {
  const box = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  const handlers = useRef({ onChange, onCompile })
  handlers.current = { onChange, onCompile }
  useEffect(() => {
    if (box.current === null) return
    const editor = new EditorView({
      parent: box.current,
      state: createState(
        (text) => handlers.current.onChange(text),
        () => handlers.current.onCompile(),
      ),
    })
    view.current = editor
    return () => editor.destroy()
  }, [])
  useEffect(() => {
    const editor = view.current
    if (editor === null || editor.state.doc.toString() === source) return
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: source } })
  }, [source])
  useEffect(() => {
    const editor = view.current
    if (editor === null) return
    const { length } = editor.state.doc
    const placed = diagnostics.flatMap(({ severity, message, range }) =>
      range === null || range.to > length ? [] : [{ ...range, severity, message }],
    )
    editor.dispatch(setDiagnostics(editor.state, placed))
  }, [diagnostics])
  return <div ref={box} className={styles.editor} />
}

function createState(onChange: (text: string) => void, onCompile: () => void): EditorState {
  const compile = () => {
    onCompile()
    return true
  }
  return EditorState.create({
    extensions: [
      lineNumbers(),
      history(),
      indentOnInput(),
      bracketMatching(),
      solidity,
      syntaxHighlighting(highlight),
      lintGutter(),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ 'aria-label': 'Solidity source' }),
      keymap.of([
        { key: 'Mod-Enter', run: compile },
        ...defaultKeymap,
        ...historyKeymap,
        indentWithTab,
      ]),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) onChange(update.state.doc.toString())
      }),
    ],
  })
}
