"""What the processes of a node write: texts, who writes them, in which layout. Knows nothing of states or rules."""
