"""Shows that an index survives: kills, damage, full disks, crowds, a million changes, backups under load."""
