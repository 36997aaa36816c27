"""Secret ballots (G-06, G-07, ADR 0016): a box, ballots cast without a trace, one count, tallies that betray nobody."""
