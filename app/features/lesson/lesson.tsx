import { type ReactNode, useEffect, useRef } from 'react'
import { Link } from 'react-router'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Failure } from '../shell/failure.tsx'
import { Check, Start } from './frames.tsx'
import styles from './lesson.module.css'
import { LessonBar } from './lesson-bar.tsx'
import { type FrameName, frameNames, useProgress } from './progress.ts'
import { Question } from './question.tsx'
import { found, prediction } from './questions.ts'
import { UnwatchedFrame, useUnwatched } from './unwatched.tsx'
import { InjectFrame, useWatched, WatchFrame } from './watched.tsx'

const titles: Readonly<Record<FrameName, string>> = {
  start: 'Catch the cheater',
  predict: 'Predict',
  inject: 'Cheat',
  watch: 'Watch',
  step: 'Step through',
  check: 'Check your answer',
  unwatched: 'The same, unwatched',
  end: 'What you have seen',
}

/** Lesson 1 on a live chain of its own: predict, cheat, watch, step through, check; then the same with nobody watching. */
export function Lesson() {
  const progress = useProgress()
  const { at, isReady, next, predicted, answer, answerWith, replayLie } = progress
  const watched = useWatched()
  const unwatched = useUnwatched()
  const frame = frameNames[at] ?? 'start'
  const views: Readonly<Record<FrameName, LessonView>> = {
    start: { body: <Start isReady={isReady} />, next: { text: 'Start', act: progress.start } },
    predict: {
      body: (
        <Question
          name="prediction"
          {...prediction}
          chosen={predicted}
          isOpen={false}
          onChoose={progress.choose}
        />
      ),
      next: { text: 'Continue', act: next, waitsFor: predicted === null && 'Choose one first.' },
    },
    inject: {
      body: <InjectFrame watched={watched} onCheat={progress.cheat} />,
      next: {
        text: 'Continue',
        act: next,
        waitsFor: watched.fraud === undefined && 'Make the executor cheat first.',
      },
    },
    watch: {
      body: <WatchFrame watched={watched} />,
      next: {
        text: 'Continue',
        act: next,
        waitsFor: watched.isOver || 'Continue when L1 has judged.',
      },
      replay: replayLie,
    },
    step: {
      body: (
        <WatchFrame watched={watched}>
          <Question
            name="found"
            {...found}
            layout="columns"
            chosen={answer}
            isOpen={answer !== null}
            onChoose={answerWith}
          />
        </WatchFrame>
      ),
      next: {
        text: 'Continue',
        act: next,
        waitsFor: answer === null && 'Answer the question first.',
      },
      replay: () => answerWith(null),
    },
    check: {
      body: <Check predicted={predicted} dispute={watched.dispute} />,
      next: { text: 'Continue', act: next },
      replay: replayLie,
    },
    unwatched: {
      body: <UnwatchedFrame unwatched={unwatched} onCheat={progress.cheatUnwatched} />,
      next: {
        text: 'Continue',
        act: next,
        waitsFor: unwatched.stage !== 'final' && 'Continue when the window has closed.',
      },
      ...(unwatched.stage === 'before' ? {} : { replay: progress.cheatUnwatched }),
    },
    end: { body: <End />, next: { text: 'Take the lesson again', act: progress.again } },
  }
  return (
    <div className={styles.lesson}>
      <LessonBar at={at} titles={frameNames.map((name) => titles[name])} />
      <main id="main" className={styles.main} tabIndex={-1}>
        <Failure />
        <FrameCard key={frame} title={titles[frame]} view={views[frame]} />
      </main>
    </div>
  )
}

interface LessonView {
  readonly body: ReactNode
  readonly next: {
    readonly text: string
    readonly act: () => void
    /** Why it cannot go on yet. */
    readonly waitsFor?: string | boolean
  }
  readonly replay?: () => void
}

function FrameCard({ title, view }: { readonly title: string; readonly view: LessonView }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const { text, act, waitsFor } = view.next
  const reason = typeof waitsFor === 'string' ? waitsFor : null
  return (
    <>
      <h2 ref={heading} className={styles.title} tabIndex={-1}>
        {title}
      </h2>
      {view.body}
      <footer className={styles.foot}>
        {reason !== null && <span className={styles.quiet}>{reason}</span>}
        {view.replay !== undefined && (
          <Button look="outline" onClick={view.replay}>
            <Icon name="restart" size={16} /> Replay
          </Button>
        )}
        <Button look="solid" disabled={reason !== null} onClick={act}>
          {text} <Icon name="right" size={16} />
        </Button>
      </footer>
    </>
  )
}

function End() {
  return (
    <div className={styles.text}>
      <ul className={styles.points}>
        <li>
          Anybody may claim a state on L1. Nobody on L1 checks it at once: that is the optimism.
        </li>
        <li>
          One honest node that recomputes everything is enough. It need not be trusted, for L1
          judges by executing one step itself.
        </li>
        <li>
          With no honest node watching, the window closes and the lie counts. Watching is what keeps
          a rollup safe, and bonds pay for it.
        </li>
      </ul>
      <p>
        <Link className={styles.link} to="/">
          Go on in the sandbox
        </Link>
        , with this world, all other frauds, and every block, batch and transaction to open.
      </p>
    </div>
  )
}
