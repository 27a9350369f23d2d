"""A made-up town for the sandbox and the hall in memory: promotions, news, shops, halls, boards. Data only."""
