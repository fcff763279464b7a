"""The wallet: a double-entry ledger in whole đồng, and who may pay in, pay, give back and see."""
