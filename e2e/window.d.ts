/** Brings the page's global `window.trex` into the browser tests' types. */
import type {} from '../app/bridge/session.ts'
