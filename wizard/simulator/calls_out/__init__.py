"""The calls that Meta makes: verification requests and events."""
