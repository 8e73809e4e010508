"""Many runs: what to run (design), how (run), where results go (store), what they say (analysis)."""
