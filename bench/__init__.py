"""The measuring programs behind `./run bench` and docs/performance.md.

They use the product as its users do: its commands, its pages over HTTP, its queries and actions. What needs
the product's own code runs in `bench.inside`, in a process of its own for each instance and database role.
"""
