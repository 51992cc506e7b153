"""How aiokafka builds and reads records here: with its C extension, or ten times slower without."""

from aiokafka.record import default_records


def c_extension() -> bool:
    """True if records are built and read in C."""
    return default_records.DefaultRecordBatchBuilder.__module__.endswith("_crecords.default_records")
