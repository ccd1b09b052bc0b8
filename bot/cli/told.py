"""What more than one verb says; no verb of its own."""

UNSETTLED = (
    "The rows are gone, but the database was too busy to empty its write-ahead log, where their "
    "old pages still are: run `bot db purge` when it is quieter."
)
