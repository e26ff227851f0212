"""The newsletter leaves the house: a list of subscribers and an edition's mail enter, deliveries and their ledger leave."""
