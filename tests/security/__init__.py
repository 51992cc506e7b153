"""The clients against a secured real Apache Kafka; the embedded broker has no TLS, no SASL and no authorizer."""
