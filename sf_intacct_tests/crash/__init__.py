"""The crash matrix: a process that syncs is killed with SIGKILL at every named point; the next one goes on.

The sandboxes live in the process that judges, and survive. The process that is killed is a fork of a warm one that has
imported the house and opened nothing, so that a kill costs a second. The house has no hooks for any of this.
"""
