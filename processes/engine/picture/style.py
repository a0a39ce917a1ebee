"""Styles for a picture that stands alone in a file: black on white, no page around it."""

STANDALONE = (
    ".diagram{font-family:sans-serif;background:#fff}.diagram text{font-size:12px;fill:#1b1b1b}"
    ".node{fill:#fff;stroke:#555;stroke-width:1.4}.node.thick{stroke-width:3}.node.dotted{stroke-dasharray:1 4}"
    ".edge{fill:none;stroke:#555;stroke-width:1.4}.edge.hollow{fill:#fff}.edge.shade{fill:#e4e4e4}.arrow{fill:#555}"
    ".mark{fill:none;stroke:#555;stroke-width:1.2;stroke-linejoin:round}.mark.full{fill:#555}.mark.paper{stroke:#fff}"
    ".node.done{fill:#e4ecf5}.node.now{stroke:#000;stroke-width:3}.node.later,.node.off{stroke:#aaa}"
    ".edge.done{stroke-width:2.4}.tick,.cross{fill:none;stroke:#555;stroke-width:1.8}"
    ".mark.bold{stroke-width:2.4}.grid{fill:none;stroke:#999}.badge{fill:#fff;stroke:#555}"
)
