"""Charts of boards, families and literature, and how a chart is drawn."""
