/** The door for dApps on other origins, as the page has it: who waits for consent, who is let in, who is here. */
import type { RpcDoor } from '../../../sdk/provider.ts'
import type { Token } from '../../../sdk/wallet/guest.ts'
import { receiveCall } from './calling.ts'
import { createGrants, type Grants } from './grants.ts'
import { createHost } from './host.ts'
import { openSwitchboard } from './switchboard.ts'

/** A page that waits for a person's word. */
export interface Caller {
  readonly origin: string
  readonly port: MessagePort
}

export interface DoorView {
  /** Asks for consent. */
  readonly asking: Caller | null
  /** This window was opened to ask for a world that runs in another tab: once it has asked, it closes. */
  readonly isErrand: boolean
  readonly connected: readonly string[]
  readonly tokens: readonly (Token & { readonly origin: string })[]
}

export interface Door {
  readonly grants: Grants
  /**
   * Receives the page that opened this window, if one did. True if another tab runs the world, so that this window is there to
   * ask alone.
   */
  receive(): Promise<boolean>
  /** This tab runs a world from now on. */
  open(): void
  /** The world moved away. */
  shut(): void
  /** An origin asks to show a token. */
  watch(origin: string, token: Token): void
  allow(how: { readonly maySteer: boolean }): Promise<void>
  refuse(): void
}

export interface DoorOptions {
  readonly world: RpcDoor
  readonly tell: (tone: 'info' | 'error', text: string) => void
  readonly onView: (change: Partial<DoorView>) => void
}

/** The address of a window that a dApp opened. */
const CONNECT_PATH = '#/connect'
const tokensMax = 100

export function createDoor({ world, tell, onView }: DoorOptions): Door {
  const grants = createGrants()
  const switchboard = openSwitchboard()
  let tokens: DoorView['tokens'] = []
  let asking: Caller | null = null
  let isErrand = false
  let close: (() => void) | null = null
  let opened = () => undefined as undefined
  const isOpen = new Promise<void>((resolve) => {
    opened = () => resolve() as undefined
  })
  const host = createHost({
    world,
    grants,
    tell: (text) => tell('info', text),
    onCallers: (connected) => onView({ connected }),
    onToken: (origin, token) => watch(origin, token),
  })
  const watch = (origin: string, token: Token) => {
    tokens = [...tokens, { ...token, origin }].slice(-tokensMax)
    onView({ tokens })
  }
  const show = (caller: Caller | null) => {
    asking = caller
    onView({ asking })
  }
  const letIn = async ({ origin, port }: Caller) => {
    if (!isErrand) {
      await isOpen
      return host.admit(origin, port)
    }
    if ((await switchboard?.call(origin, port)) !== true) {
      tell('error', 'The tab that runs the world does not answer. Reload it, then connect again.')
      return
    }
    window.close()
  }
  const called = (origin: string, port: MessagePort) => {
    if (grants.of(origin) !== null) void letIn({ origin, port })
    else show({ origin, port })
  }
  return {
    grants,
    watch,
    receive: async () => {
      if (location.hash !== CONNECT_PATH) return false
      isErrand = (await switchboard?.find()) ?? false
      onView({ isErrand })
      const opener = window.opener as Window | null
      if (opener !== null) receiveCall(opener, called, (text) => tell('error', text))
      else tell('error', 'No page opened this window, so there is nothing to connect.')
      return isErrand
    },
    open: () => {
      opened()
      close ??= switchboard?.host((origin, port) => host.admit(origin, port)) ?? null
    },
    shut: () => {
      close?.()
      close = null
      host.closeAll('The world moved to another tab.')
    },
    allow: async ({ maySteer }) => {
      if (asking === null) return
      const caller = asking
      grants.grant({ origin: caller.origin, maySteer, sinceMs: Date.now() })
      show(null)
      await letIn(caller)
    },
    refuse: () => {
      if (asking === null) return
      asking.port.postMessage({ kind: 'closed', code: 4001, message: 'The person refused.' })
      show(null)
      if (isErrand) window.close()
    },
  }
}
