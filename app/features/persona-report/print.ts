/** The frame of the last print. */
let last: HTMLIFrameElement | null = null

/** Opens the browser's print dialog for a document of its own; "save as PDF" is one of its printers. */
export function printHtml(html: string): void {
  // Not every browser says when it has printed.
  last?.remove()
  const frame = document.createElement('iframe')
  frame.title = 'Report to print'
  frame.style.cssText = 'position:fixed;inset:auto 0 0 auto;width:0;height:0;border:0'
  frame.srcdoc = html
  last = frame
  frame.addEventListener('load', () => {
    const { contentWindow } = frame
    contentWindow?.addEventListener('afterprint', () => frame.remove())
    contentWindow?.print()
  })
  document.body.append(frame)
}
