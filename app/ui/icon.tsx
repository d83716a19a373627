import type { ReactNode } from 'react'

const shapes = {
  play: <path d="M8 5.5v13l10.5-6.5z" fill="currentColor" stroke="none" />,
  pause: (
    <g fill="currentColor" stroke="none">
      <rect x="6.5" y="5.5" width="4" height="13" rx="1" />
      <rect x="13.5" y="5.5" width="4" height="13" rx="1" />
    </g>
  ),
  step: (
    <g fill="currentColor" stroke="none">
      <path d="M6 5.5v13l8.500-6.500z" />
      <rect x="15.500" y="5.500" width="3" height="13" rx="1" />
    </g>
  ),
  share: (
    <path d="M12 14V4m0 0L8.500 7.500M12 4l3.500 3.500M5 12v6.500A1.500 1.500 0 0 0 6.500 20h11a1.500 1.500 0 0 0 1.500-1.500V12" />
  ),
  sun: (
    <>
      <circle cx="12" cy="12" r="4" />
      <path d="M12 3v1.500M12 19.500V21M3 12h1.500M19.500 12H21M5.600 5.600l1.100 1.100M17.300 17.300l1.100 1.100M18.400 5.600l-1.100 1.100M6.700 17.300l-1.100 1.100" />
    </>
  ),
  moon: <path d="M19.500 14.500A8 8 0 0 1 9.500 4.500a8 8 0 1 0 10 10z" />,
  help: (
    <>
      <circle cx="12" cy="12" r="8.500" />
      <path d="M9.700 9.600a2.400 2.400 0 1 1 3.600 2.100c-.9.500-1.300 1-1.300 1.900M12 16.300v.1" />
    </>
  ),
  chevron: <path d="M7.500 10l4.500 4.500L16.500 10" />,
  right: <path d="M10 7.500l4.500 4.500-4.500 4.500" />,
  left: <path d="M14 7.5l-4.500 4.500 4.500 4.500" />,
  close: <path d="M6.500 6.500l11 11M17.500 6.500l-11 11" />,
  copy: (
    <>
      <rect x="8.500" y="8.500" width="11" height="11" rx="2" />
      <path d="M15.500 8.500V6a1.500 1.500 0 0 0-1.500-1.500H6A1.500 1.500 0 0 0 4.500 6v8A1.500 1.500 0 0 0 6 15.500h2.500" />
    </>
  ),
  check: <path d="M5.500 12.500l4.500 4.500 8.500-9.500" />,
  mask: (
    <path d="M4.500 6c2.500 1.200 5 1.800 7.500 1.800S17 7.200 19.500 6v6.500c0 4-3.400 7-7.500 7s-7.500-3-7.500-7zM8 12h2.500M13.500 12H16M9.500 16.200c1.600-1.200 3.400-1.200 5 0" />
  ),
  flag: <path d="M6 20.500V4.500m0 0h10.500l-2 4 2 4H6" />,
  sliders: <path d="M5 8h8M17 8h2M5 16h2M11 16h8M15 6v4M9 14v4" />,
  power: <path d="M12 4v7M7.500 7a7 7 0 1 0 9 0" />,
  restart: <path d="M5 12a7 7 0 1 0 2.300-5.200M5 4.500v4h4" />,
  slow: <path d="M12 7v5l3 2M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16z" />,
  heart: (
    <path d="M12 19.500S4.500 15 4.500 9.700A3.900 3.900 0 0 1 12 8a3.900 3.900 0 0 1 7.500 1.700C19.500 15 12 19.500 12 19.500z" />
  ),
  fork: <path d="M7 4.500v5c0 2 1.500 3 3.500 3h3c2 0 3.500 1 3.500 3v4M7 9.500v10M17 4.500v4" />,
} satisfies Record<string, ReactNode>

export type IconName = keyof typeof shapes

/** A 24-unit line icon; decorative, so that its button carries the name. */
export function Icon({ name, size = 18 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.7}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      style={{ flex: 'none' }}
    >
      {shapes[name]}
    </svg>
  )
}
