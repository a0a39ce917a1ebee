"""The picture of a process: SVG from the drawing's own coordinates or an automatic layout, and its words."""
