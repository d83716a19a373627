/**
 * Finds a Chromium for browser tests: the CHROMIUM variable, Playwright's own, an installed one, else installs one by
 * `npx playwright install chromium` or, as root on Debian, by apt. Says what it does.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chromium } from '@playwright/test'

const INSTALLED_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** Path of an executable Chromium. Throws with what to do next if none can be had. */
export function findChromium(say: (line: string) => void): string {
  const found = alreadyHere()
  if (found) return found
  say('No Chromium found: trying `npx playwright install chromium`.')
  spawnSync('npx', ['playwright', 'install', 'chromium'], { stdio: 'inherit', timeout: 300_000 })
  const own = playwrightsOwn()
  if (own) return own
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    say('Playwright has no browser to download here: trying `apt-get install chromium`.')
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore', timeout: 300_000 })
    spawnSync('apt-get', ['install', '-y', '-qq', 'chromium'], {
      stdio: 'ignore',
      timeout: 900_000,
    })
    const installed = onPath()
    if (installed) return installed
  }
  throw new Error(
    'No Chromium could be found or installed. Install Chromium or Chrome, or set CHROMIUM to the path of its executable.',
  )
}

function alreadyHere(): string | undefined {
  const named = process.env['CHROMIUM']
  if (named && !existsSync(named)) throw new Error(`CHROMIUM names ${named}, which does not exist.`)
  return named ?? playwrightsOwn() ?? onPath()
}

function playwrightsOwn(): string | undefined {
  const path = chromium.executablePath()
  return path && existsSync(path) ? path : undefined
}

function onPath(): string | undefined {
  for (const name of INSTALLED_NAMES) {
    try {
      return execFileSync('which', [name], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim()
    } catch {
      // `which` exits with 1 where the name is unknown: try the next one.
    }
  }
  return undefined
}
