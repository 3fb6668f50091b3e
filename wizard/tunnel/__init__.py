"""Ways for Meta to reach an endpoint on loopback: ngrok, cloudflared, or a URL of one's own."""
