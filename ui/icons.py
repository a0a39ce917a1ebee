"""Every icon by name: line drawings on a 16 × 16 grid, and the solid glyphs of the SLA bands on 14 × 14."""

# Drawn with the current text colour, 1.5 wide, round ends. One path each.
PATHS: dict[str, str] = {
    "activity": "M2 8.5h3l2-5 2.5 9 2-4H14",
    "alert": "M8 2.6 14.2 13.3H1.8zM8 6.4v3.2M8 11.4v.1",
    "arrow-down": "M8 3.5v9M4 8.5l4 4 4-4",
    "arrow-left": "M12.5 8h-9M7.5 4l-4 4 4 4",
    "arrow-right": "M3.5 8h9M8.5 4l4 4-4 4",
    "arrow-up": "M8 12.5v-9M4 7.5l4-4 4 4",
    "bell": "M4 11.2V7a4 4 0 0 1 8 0v4.2l1 1.3H3zM6.8 14.2h2.4",
    "bolt": "M9 2 3.8 9H8l-1 5 5.2-7H8z",
    "calendar": "M2.5 3.8h11v9.7h-11zM2.5 6.6h11M5.4 2v3M10.6 2v3",
    "check": "M3.2 8.4 6.6 11.8 12.8 4.8",
    "chevron-down": "M3.5 6 8 10.5 12.5 6",
    "chevron-right": "M6 3.5 10.5 8 6 12.5",
    "clock": "M8 2.3a5.7 5.7 0 1 0 0 11.4A5.7 5.7 0 0 0 8 2.3M8 5v3.2l2.2 1.4",
    "close": "M4 4l8 8M12 4l-8 8",
    "columns": "M5.5 4h8M5.5 8h8M5.5 12h8M2.6 4h.1M2.6 8h.1M2.6 12h.1",
    "comment": "M2.5 3h11v8H7.6L5 13.5V11H2.5z",
    "connect": "M6.5 9.5l3-3M7 5l1.6-1.6a2.8 2.8 0 0 1 4 4L11 9M9 11l-1.6 1.6a2.8 2.8 0 0 1-4-4L5 7",
    "download": "M8 2.5v8M5 7.8l3 3 3-3M3 11v2.5h10V11",
    "external": "M9 3h4v4M13 3 7.5 8.5M11.5 9.5v3.8h-9V4.5h4",
    "eye": "M1.8 8S4 3.8 8 3.8 14.2 8 14.2 8 12 12.2 8 12.2 1.8 8 1.8 8M8 6.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6",
    "file": "M4 2.5h5l3 3v8H4zM9 2.5v3h3",
    "filter": "M2.5 4h11M4.5 8h7M6.5 12h3",
    "flag": "M4 14V2.5h7.5L10 5.2l1.5 2.8H4",
    "globe": "M8 2.3a5.7 5.7 0 1 0 0 11.4A5.7 5.7 0 0 0 8 2.3M2.5 8h11"
    "M8 2.3c3.4 3.6 3.4 7.8 0 11.4M8 2.3c-3.4 3.6-3.4 7.8 0 11.4",
    "grid": "M2.5 2.5h11v11h-11zM2.5 6.2h11M6.2 2.5v11",
    "home": "M2.5 7.5 8 3l5.5 4.5V13h-4V9.5h-3V13h-4z",
    "inbox": "M2.5 9 4.4 3h7.2l1.9 6v4h-11zM2.5 9h3.2l1 1.8h2.6l1-1.8h3.2",
    "info": "M8 2.3a5.7 5.7 0 1 0 0 11.4A5.7 5.7 0 0 0 8 2.3M8 7.4v3.4M8 5.2v.1",
    "key": "M10 2.8a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4M7.8 8.3 2.8 13.3M4.4 11.6l1.6 1.6",
    "keyboard": "M1.8 4h12.4v8H1.8zM4 6.6h.1M6.6 6.6h.1M9.2 6.6h.1M11.9 6.6h.1M5 9.6h6",
    "layers": "M8 2.5 14 6 8 9.5 2 6zM2.5 9.2 8 12.5l5.5-3.3",
    "list": "M3.5 2.5h9v11h-9zM5.8 5.5h4.4M5.8 8h4.4M5.8 10.5h2.4",
    "lock": "M3.8 7.2h8.4v6H3.8zM5.5 7.2V5.4a2.5 2.5 0 0 1 5 0v1.8",
    "menu": "M2.5 4.5h11M2.5 8h11M2.5 11.5h11",
    "moon": "M12.8 9.6A5.4 5.4 0 0 1 6.4 3.2a5.4 5.4 0 1 0 6.4 6.4z",
    "more": "M3.6 8h.1M8 8h.1M12.4 8h.1",
    "paperclip": "M12.8 7.6 7.9 12.5a3 3 0 0 1-4.3-4.3l5-5a2 2 0 0 1 2.9 2.9l-4.9 4.8a1 1 0 0 1-1.4-1.4l4.4-4.4",
    "pause": "M5.5 3.5v9M10.5 3.5v9",
    "pencil": "M3 13l.6-2.9 7-7a1.3 1.3 0 0 1 1.9 0l.4.4a1.3 1.3 0 0 1 0 1.9l-7 7z",
    "people": "M6 3a2.2 2.2 0 1 0 0 4.4A2.2 2.2 0 0 0 6 3M2 13c0-2.4 1.7-4 4-4s4 1.6 4 4M10.4 3.3a2.2 2.2 0 0 1 0 3.9"
    "M11.6 9.4c1.5.5 2.4 1.8 2.4 3.6",
    "person": "M8 2.8a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5M3.2 13.2c0-2.6 2-4.2 4.8-4.2s4.8 1.6 4.8 4.2",
    "play": "M5 3.2v9.6L12.6 8z",
    "plus": "M8 3v10M3 8h10",
    "print": "M4.5 6V2.5h7V6M4.5 11.5h-2V6h11v5.5h-2M4.5 9.5h7v4h-7z",
    "process": "M2 5h4v3H2zM10 2.5h4v3h-4zM10 10h4v3h-4zM6 6.5h2M8 4v7.5M8 4h2M8 11.5h2",
    "refresh": "M13 8a5 5 0 1 1-1.6-3.7M13 2.5v3h-3",
    "search": "M7 2.8a4.2 4.2 0 1 0 0 8.4a4.2 4.2 0 0 0 0-8.4M10.2 10.2 13.5 13.5",
    "send": "M13.8 2.4 2.2 6.8l4.8 2.2 2.2 4.8zM7 9l3.2-3.2",
    "settings": "M2.5 4.8h6M12.5 4.8h1M10.5 3v3.6M2.5 11.2h1M7.5 11.2h6M5.5 9.4V13",
    "shield": "M8 2.2 13 4v4c0 3-2.2 5-5 5.8C5.2 13 3 11 3 8V4zM5.7 8l1.7 1.7 3-3.2",
    "sign-out": "M6.5 2.8h-4v10.4h4M10 5l3 3-3 3M13 8H6",
    "star": "M8 2.2l1.8 3.7 4 .6-2.9 2.8.7 4L8 11.4l-3.6 1.9.7-4L2.2 6.5l4-.6z",
    "sun": "M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6M8 1.6v1.2M8 13.2v1.2M1.6 8h1.2M13.2 8h1.2"
    "M3.5 3.5l.8.8M11.7 11.7l.8.8M3.5 12.5l.8-.8M11.7 4.3l.8-.8",
    "table": "M2.5 3h11v10h-11zM2.5 6.3h11M2.5 9.6h11M6.5 6.3V13",
    "trend": "M3 3v10M3 4.5h9M3 8h6M3 11.5h3.5",
    "undo": "M3 8a5 5 0 1 0 1.6-3.7M3 2.5v3h3",
    "upload": "M8 10.5v-7M5 6.2l3-3 3 3M3 10.5v3h10v-3",
}

# Shapes that stand for a band: told apart without colour.
GLYPHS: dict[str, str] = {
    "ok": '<circle cx="7" cy="7" r="5.2" fill="none" stroke="currentColor" stroke-width="1.6"/>'
    '<path d="M4.6 7.1 6.4 8.9 9.5 5.4" fill="none" stroke="currentColor" stroke-width="1.6"/>',
    "warn": '<path d="M7 1.2 12.8 7 7 12.8 1.2 7z" fill="none" stroke="currentColor" stroke-width="1.6"/>'
    '<path d="M7 4v3.6M7 9.4v.2" stroke="currentColor" stroke-width="1.6"/>',
    "crit": '<path d="M7 1 13.4 12.4H.6z" fill="currentColor"/>',
    "breach": '<rect x="1.4" y="1.4" width="11.2" height="11.2" rx="1.5" fill="currentColor"/>'
    '<path class="glyph-cross" d="M4.7 4.7l4.6 4.6M9.3 4.7 4.7 9.3" stroke-width="1.8"/>',
    "hold": '<path d="M4.6 2.5v9M9.4 2.5v9" stroke="currentColor" stroke-width="2.2"/>',
}
