"""Pictures of a run: who owned what when, and who said what to whom. Each file is one picture; all take a `Strip`."""
