"""Others' words on how Meta's API behaves, held against the client and the simulator."""
