/** Which tracer a request asks for, and how. */
import type { Json } from '../../protocol/world.ts'
import { traceCalls, traceSelectors } from '../trace/calls.ts'
import { traceFlat } from '../trace/flat.ts'
import { tracePrestate } from '../trace/prestate.ts'
import { traceOpcodes } from '../trace/structLog.ts'
import type { Trace } from '../trace/trace.ts'
import { InvalidParamsError } from './errors.ts'
import {
  type JsonObject,
  optional,
  readBoolean,
  readFields,
  readQuantity,
  readText,
} from './params.ts'

/** Of a trace; those of `debug_traceCall` besides. */
export const TRACE_FIELDS = [
  'tracer',
  'tracerConfig',
  'timeout',
  'reexec',
  'enableMemory',
  'disableMemory',
  'disableStack',
  'disableStorage',
  'enableReturnData',
  'disableReturnData',
  'limit',
  'debug',
] as const

type Flags = (name: string) => boolean

interface Named {
  readonly fields: readonly string[]
  readonly create: (flag: Flags) => Trace
}

const TRACERS: Readonly<Record<string, Named>> = {
  callTracer: {
    fields: ['onlyTopCall', 'withLog'],
    create: (flag) => traceCalls({ onlyTopCall: flag('onlyTopCall'), withLog: flag('withLog') }),
  },
  prestateTracer: {
    fields: ['diffMode', 'disableCode', 'disableStorage', 'includeEmpty'],
    create: (flag) =>
      tracePrestate({
        diffMode: flag('diffMode'),
        disableCode: flag('disableCode'),
        disableStorage: flag('disableStorage'),
        includeEmpty: flag('includeEmpty'),
      }),
  },
  '4byteTracer': { fields: [], create: () => traceSelectors },
  flatCallTracer: {
    fields: ['convertParityErrors', 'includePrecompiles'],
    create: () => traceFlat,
  },
  noopTracer: { fields: [], create: () => traceNothing },
}

const traceNothing: Trace = async (_executor, _subject, work) => {
  await work()
  return {}
}

/** Entries of a struct log; `ENTRIES_MAX` of the tracer holds besides. */
const LIMIT_MAX = 2n ** 32n
const DURATION = /^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/
const DURATION_PART = /(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g
const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
}
/** The longest that a trace may take, whatever its `timeout` says. */
const TIMEOUT_MAX_MS = 60_000

export interface Tracing {
  readonly trace: Trace
  /** Milliseconds that it may take, if the options say. */
  readonly timeoutMs: number | undefined
}

/** Throws `InvalidParamsError` naming the option, and the tracers that there are. */
export function readTracer(value: Json | undefined, more: readonly string[] = []): Tracing {
  const known = new Set<string>([...TRACE_FIELDS, ...more])
  const options: JsonObject =
    optional(value, 'options', (given) => readFields(given, 'options', known)) ?? {}
  return { trace: createTrace(options), timeoutMs: readTimeout(options.timeout) }
}

function createTrace(options: JsonObject): Trace {
  const name = optional(options.tracer, 'options.tracer', readText) ?? ''
  if (name === '') return structLogger(options)
  const named = Object.hasOwn(TRACERS, name) ? TRACERS[name] : undefined
  if (named === undefined) {
    const names = Object.keys(TRACERS).join(', ')
    throw new InvalidParamsError('options.tracer', `one of ${names}, or left out`, name)
  }
  const field = 'options.tracerConfig'
  const config: JsonObject =
    optional(options.tracerConfig, field, (given) =>
      readFields(given, field, new Set(named.fields)),
    ) ?? {}
  return named.create(flagsOf(config, field))
}

/** A duration as Go writes it. */
function readTimeout(value: Json | undefined): number | undefined {
  const text = optional(value, 'options.timeout', readText)
  if (text === undefined) return undefined
  if (!DURATION.test(text)) {
    throw new InvalidParamsError('options.timeout', 'a duration such as "5s"', text)
  }
  const parts = [...text.matchAll(DURATION_PART)]
  const ms = parts.reduce(
    (sum, [, count, unit = '']) => sum + Number(count) * (UNIT_MS[unit] ?? 0),
    0,
  )
  return Math.min(ms, TIMEOUT_MAX_MS)
}

function structLogger(options: JsonObject): Trace {
  const flag = flagsOf(options, 'options')
  const limit = optional(options.limit, 'options.limit', readQuantity) ?? 0n
  if (limit > LIMIT_MAX) {
    throw new InvalidParamsError('options.limit', `at most ${LIMIT_MAX}`, String(limit))
  }
  return traceOpcodes({
    withMemory: flag('enableMemory'),
    withStack: !flag('disableStack'),
    withStorage: !flag('disableStorage'),
    withReturnData: flag('enableReturnData'),
    limit: Number(limit),
  })
}

function flagsOf(source: JsonObject, field: string): Flags {
  return (name) => optional(source[name], `${field}.${name}`, readBoolean) ?? false
}
