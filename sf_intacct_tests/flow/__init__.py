"""The pure steps of the road, on frames written out in the tests."""
