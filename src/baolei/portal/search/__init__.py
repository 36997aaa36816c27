"""The public search: over released figures, the sentences of released look backs, and the glossary."""
