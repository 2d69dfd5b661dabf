"""One asset for every box of the road. A body gets, calls one step, reports; it decides nothing."""
