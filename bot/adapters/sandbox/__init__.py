"""The sandbox: everything a demo and the tests need, on this machine only."""
