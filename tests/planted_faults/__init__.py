"""Faults planted into a copy of gamelab, one at a time: the tests must find each of them."""
