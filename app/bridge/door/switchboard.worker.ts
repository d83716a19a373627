/**
 * A SharedWorker of the devnet's origin: hands the port of a dApp's page from the frame or window that received it to the tab that
 * runs the world. Rationale: a BroadcastChannel carries no ports, so that frame or window would have to stay and relay.
 */
import type { FromSwitchboard, ToSwitchboard } from './switchboard.ts'

interface Host {
  readonly port: MessagePort
  readonly lock: string
}

/** The tab that offered itself last is the one that is asked. */
const hosts: Host[] = []

addEventListener('connect', (event) => {
  const [port] = (event as MessageEvent).ports
  if (port === undefined) return
  port.onmessage = ({ data, ports }: MessageEvent<ToSwitchboard>) => hear(port, data, ports)
})

function hear(port: MessagePort, message: ToSwitchboard, ports: readonly MessagePort[]): void {
  switch (message.kind) {
    case 'host':
      addHost({ port, lock: message.lock })
      break
    case 'leave':
      removeHost(port)
      break
    case 'find':
      answer(port, { kind: 'found', found: hosts.length > 0 })
      break
    case 'call': {
      const [call] = ports
      const host = hosts.at(-1)
      if (call === undefined) return
      if (host !== undefined) {
        host.port.postMessage({ kind: 'call', origin: message.origin }, [call])
      }
      answer(port, { kind: 'found', found: host !== undefined })
    }
  }
}

function answer(port: MessagePort, message: FromSwitchboard): void {
  port.postMessage(message)
}

/** A host holds its lock as long as it lives: whoever gets it learns of the death. */
function addHost(host: Host): void {
  removeHost(host.port)
  hosts.push(host)
  void navigator.locks.request(host.lock, () => removeHost(host.port))
}

function removeHost(port: MessagePort): void {
  const index = hosts.findIndex((host) => host.port === port)
  if (index >= 0) hosts.splice(index, 1)
}
