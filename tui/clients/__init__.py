"""How requests and results travel: the Kafka clients; the only importer of aiokafka."""
