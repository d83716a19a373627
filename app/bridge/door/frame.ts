/**
 * Entry of `connect.html`, the invisible frame in a dApp's page: reaches the tab that runs the world without a window. It never asks for
 * consent, because a page can cover a frame. Where browsers keep a frame's storage apart, it finds nobody, and the script opens a window.
 */
import { receiveCall } from './calling.ts'
import { openSwitchboard } from './switchboard.ts'

const switchboard = openSwitchboard()

async function forward(origin: string, port: MessagePort): Promise<void> {
  if ((await switchboard?.find()) === true && (await switchboard?.call(origin, port)) === true) {
    return
  }
  port.postMessage({
    kind: 'closed',
    code: 4900,
    message: 'No tab of this browser runs the devnet.',
  })
}

if (window.parent !== window)
  receiveCall(window.parent, (origin, port) => void forward(origin, port))
