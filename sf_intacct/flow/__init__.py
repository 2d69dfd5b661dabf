"""Pure steps on frames: shape, check, plan, reconcile. No I/O, no clock, no environment."""
