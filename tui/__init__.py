"""kcalc: see how Kafka shares work among parallel workers."""
