"""The system on one machine: emulators of the Google services, a simulated portal, a simulated Telegram."""
